import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  checkSet,
  createRecorder,
  drawTimeline,
  playFaults,
  reportSet,
  scheduleFaults,
  showQuantiles,
  type Attempt,
  type Cluster,
  type ClusterNode,
  type FaultKind,
  type Recorder,
  type SetOperation,
} from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { exportUsers } from './admin.ts'
import { startBudget } from './budget-cluster.ts'
import { checkAll } from './check.ts'
import { lanes, ms, packetsCanBeDropped, seed, type Row } from './matrix.ts'
import { person, type Person } from './person.ts'
import { createSignUps, type SignUps } from './sign-ups.ts'

/** The matrix wants 30 minutes, in the soak; `NEMESIS_SECONDS` says how long. */
const seconds = Number(process.env['NEMESIS_SECONDS'] ?? 30)
const possible = await packetsCanBeDropped('F16 with packets; it runs in-process')
const faults = possible ? 'namespaces' : 'in-process'
const kinds: readonly FaultKind[] = [
  'partition',
  'bridge',
  'ring',
  'isolate',
  'pause',
  'kill',
  'flap',
  'slow',
  'skewClock',
  'failDisk',
  ...(possible ? (['lose', 'cutOneWay', 'fillDisk'] as const) : (['corrupt'] as const)),
]

/** What a node says whose disk was filled, or failed. */
const noDisk = /the disk does not take writes/

const f16: Row = {
  id: 'F16',
  claim: `all faults at random for ${seconds} s: nothing lost, X within 15 s`,
  lasts: seconds * 1_000,
  run: async ({ cluster }) => {
    const nodes = cluster.nodes.map(({ name }) => name)
    const schedule = scheduleFaults({ seed, nodes, kinds, durationMs: seconds * 1_000 })
    const recorder = createRecorder<SetOperation>()
    const signUps = createSignUps('nemesis')
    const over = new AbortController()
    const clients = cluster.nodes.map((node) => client(node, signUps, recorder, over.signal))
    const played = await playFaults(cluster, schedule).finally(() => over.abort())
    // Of the last heal; starting again whom it finds dead is part of X.
    const since = played.at(-1)?.from ?? performance.now()
    await Promise.all(clients)
    const took = await checkAll(cluster, signUps, { within: 60_000, since, sample: 30, expected: noDisk })
    await Promise.all(cluster.nodes.map((node) => readAll(node, recorder)))

    const verdict = checkSet(recorder.entries)
    const timeline = join(process.env['TIMELINE_DIR'] ?? tmpdir(), `nemesis-${seed}.svg`)
    const title = `all faults at random, seed ${seed}: ${verdict.verdict}`
    if (verdict.verdict !== 'good' || process.env['TIMELINE_DIR'] !== undefined)
      writeFileSync(timeline, drawTimeline({ title, entries: recorder.entries, faults: played }))
    const report = `${reportSet(verdict, recorder.entries, played)}\nsee ${timeline}`
    expect(verdict.verdict, report).toBe('good')
    expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(15_000)
    return `${played.length / 2} faults in ${seconds} s, ${verdict.acknowledged} of ${verdict.attempted} acknowledged, ${verdict.recovered.length} more kept; stable ${showQuantiles(verdict.stability)}; X ${ms(took)}`
  },
}

/** One person after the other signs up on a node. */
const client = async (
  node: ClusterNode,
  signUps: SignUps,
  recorder: Recorder<SetOperation>,
  signal: AbortSignal,
): Promise<void> => {
  for (let number = 0; !signal.aborted; number++) {
    const who = person(`nemesis-${node.name}-${number}`)
    const add: SetOperation = { kind: 'add', element: who.username }
    await recorder.record(node.name, async () => await signingUp(node, who, signUps, add), add)
    await delay(300)
  }
}

const signingUp = async (
  node: ClusterNode,
  who: Person,
  signUps: SignUps,
  operation: SetOperation,
): Promise<Attempt<SetOperation>> => {
  if ((await signUps.one(node, who)) === 'acknowledged') return { operation, outcome: 'ok' }
  return { operation, outcome: 'unknown', problem: signUps.unknown.at(-1)?.why ?? '' }
}

/** The names of all users that a node holds, as its operator exports them. */
const readAll = async (node: ClusterNode, recorder: Recorder<SetOperation>): Promise<void> => {
  const { outcome, problem } = await recorder.record(
    node.name,
    async () => {
      const elements = (await exportUsers(node)).map(({ username }) => username)
      return { operation: { kind: 'read', elements }, outcome: 'ok' }
    },
    { kind: 'read', elements: [] },
  )
  expect(outcome, problem).toBe('ok')
}

describe(`the fault matrix: a nemesis, ${faults}`, () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults, ...(possible ? { diskMb: 256 } : {}) })
  lanes({ name: 'nemesis', start, rows: [f16] })
})
