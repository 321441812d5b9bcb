import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  browser,
  playFaults,
  scheduleFaults,
  type Cluster,
  type ClusterNode,
  type FaultKind,
} from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { checkAll } from './cluster/check.ts'
import { floorOf, holdingsOf, showHoldings, type Holdings } from './cluster/holdings.ts'
import { lanes, packetsCanBeDropped, seed, type Row, type Stage } from './matrix.ts'
import { person, tryLogin, type Person } from './people/person.ts'
import { wipe } from './cluster/wipe.ts'

/** The matrix wants an hour, in the soak only; less than some minutes says nothing of what grows slowly. */
const seconds = Number(process.env['CHURN_SECONDS'] ?? 0)
const possible = seconds > 0 && (await packetsCanBeDropped('L6 with packets; it runs in-process'))
if (seconds === 0) process.stdout.write('SKIPPED L6: it is for the soak, CHURN_SECONDS says how long\n')

const sampleEvery = 1_000
/** All that happens to those that come and go. */
const kinds: readonly FaultKind[] = ['partition', 'isolate', 'pause', 'kill', 'flap', 'skewClock']

const l6: Row = {
  id: 'L6',
  claim: `churn for ${seconds} s: memory, handles and timers of those that stay are flat`,
  lasts: seconds * 1_000,
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(20, cluster.nodes)
    await Promise.all(cluster.nodes.slice(0, 2).map(fillMemory))
    const [first, second, ...coming] = [cluster.node(0), cluster.node(1), ...cluster.nodes.slice(2)]
    const staying = [first, second]
    const over = new AbortController()
    const { signal } = over
    // Whichever ends first ends the others: the churn when its time is over, any of them when it fails.
    const during = async <T>(job: Promise<T>): Promise<T> => await job.finally(() => over.abort())
    const [faults, logins, visits, samples] = await Promise.all([
      during(churn(stage, coming, signal)),
      during(logInAndOut(stage, signal)),
      Promise.all([during(visit(first, second, signal)), during(visit(second, first, signal))]),
      Promise.all(staying.map((node) => during(watch(node, signal)))),
    ])
    await checkAll(cluster, signUps, { within: 60_000, sample: 20 })

    const file = join(process.env['TIMELINE_DIR'] ?? tmpdir(), `churn-${seed}.json`)
    writeFileSync(file, JSON.stringify(samples))
    const lived = visits.reduce((sum, each) => sum + each, 0)
    const figures = samples.map((all) => {
      const [earlier, later] = [floorOf(quarter(all, 1)), floorOf(quarter(all, 3))]
      const compared = `${showHoldings(earlier)} in the second quarter; ${showHoldings(later)} in the last`
      expect(grown(earlier, later, lived / 2), `${compared}; all samples are in ${file}`).toEqual([])
      return compared
    })
    return `${faults} faults, ${lived} people came and were erased, ${logins} logins; ${figures.join('; ')}`
  },
}

/** What whoever is erased leaves behind for good, in MB: see the README of user-cache. */
const tombstoneMb = 1.5e-3

/** What has grown by more than what may be measured of one that does not grow, and those who were erased meanwhile. */
const grown = (earlier: Holdings, later: Holdings, erased: number): string[] => {
  const tombstones = erased * tombstoneMb
  const most: Holdings = {
    heapMb: earlier.heapMb * 1.1 + tombstones + 2,
    residentMb: earlier.residentMb * 1.1 + tombstones + 8,
    descriptors: earlier.descriptors + 2,
    handles: earlier.handles + 2,
    timers: earlier.timers + 2,
  }
  const names = ['heapMb', 'residentMb', 'descriptors', 'handles', 'timers'] as const
  return names.filter((name) => !(later[name] <= most[name]))
}

/** As many strangers as a node remembers cookies of (`verifiedCookies`), and some more: what is bounded is full from then on. */
const fillMemory = async (node: ClusterNode): Promise<void> => {
  let strangers = 0
  const stranger = async (): Promise<void> => {
    while (strangers++ < 11_000) {
      const visitor = browser(node)
      await visitor.get('/')
      await visitor.get('/')
    }
  }
  await Promise.all(Array.from({ length: 20 }, stranger))
}

const quarter = (samples: readonly Holdings[], index: number): readonly Holdings[] =>
  samples.slice((samples.length * index) / 4, (samples.length * (index + 1)) / 4)

const watch = async (node: ClusterNode, signal: AbortSignal): Promise<Holdings[]> => {
  const samples: Holdings[] = []
  while (!signal.aborted) {
    samples.push(await holdingsOf(node))
    await delay(sampleEvery)
  }
  return samples
}

/** Faults on the nodes that come and go; some come back with an empty disk, as somebody whom nobody has seen before. */
const churn = async (
  { cluster, random }: Stage,
  coming: readonly ClusterNode[],
  signal: AbortSignal,
): Promise<number> => {
  const nodes = coming.map(({ name }) => name)
  const schedule = scheduleFaults({ seed, nodes, kinds, durationMs: seconds * 1_000 })
  const wiped: Promise<void>[] = []
  const played = await playFaults(cluster, schedule, {
    signal,
    onFault: ({ action }) => {
      if (action.kind === 'kill' && random() < 0.5) wiped.push(wipe(cluster.node(action.node)))
    },
  })
  await Promise.all(wiped)
  return played.length / 2
}

/** One person after the other signs up, looks around, and is erased: as many users as before. */
const visit = async (node: ClusterNode, other: ClusterNode, signal: AbortSignal): Promise<number> => {
  let visits = 0
  for (; !signal.aborted; visits++) {
    const who = person(`visitor-${node.name}-${visits}`)
    const visitor = browser(node)
    expect((await visitor.submit('/signup', { ...who })).status, who.username).toBe(302)
    expect((await visitor.submit('/', { ...who })).status, who.username).toBe(302)
    // While their link flaps the other may not have heard of the visitor yet; it must not end their session for that.
    await visitor.at(other).get('/budget')
    expect((await visitor.get('/budget')).status, who.username).toBe(200)
    const left = await visitor.submit('/account/erase', { password: who.password })
    expect(left.location, who.username).toBe('/?notice=erased')
    await delay(1_000)
  }
  return visits
}

/** Those who are there for good log in and out, on whichever node answers. */
const logInAndOut = async ({ cluster, signUps, random }: Stage, signal: AbortSignal): Promise<number> => {
  const drawn = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)]
  let logins = 0
  while (!signal.aborted) {
    const [who, node] = [drawn<Person>(signUps.acknowledged), drawn(cluster.nodes)]
    if (who === undefined || node === undefined) continue
    logins += await tryLogin(node, who).then(
      ({ status }) => Number(status === 302),
      () => 0,
    )
    await delay(500)
  }
  return logins
}

describe.runIf(seconds > 0)('the fault matrix: churn', () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults: possible ? 'namespaces' : 'in-process' })
  lanes({ name: 'churn', start, rows: [l6] })
})
