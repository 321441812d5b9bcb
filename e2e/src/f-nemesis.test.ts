import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  checkSet,
  createRecorder,
  drawTimeline,
  NemesisError,
  playFaults,
  reportSet,
  scheduleFaults,
  showQuantiles,
  type Attempt,
  type Cluster,
  type ClusterNode,
  type FaultKind,
  type Finding,
  type PlayedFault,
  type Recorder,
  type SetOperation,
} from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { exportUsers } from './cluster/admin.ts'
import { startBudget } from './cluster/budget-cluster.ts'
import { checkAll, diskTakesNoWrites } from './cluster/check.ts'
import { lanes, ms, packetsCanBeDropped, seed, type Row } from './matrix.ts'
import { person, type Person } from './people/person.ts'
import { createSignUps, type SignUps } from './people/sign-ups.ts'

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
  'cut',
  'flap',
  'flapNode',
  'slow',
  'skewClock',
  'failDisk',
  ...(possible ? (['lose', 'cutOneWay', 'fillDisk'] as const) : (['corrupt', 'delay'] as const)),
]

/** Milliseconds: one that is stopped does not answer. */
const readTimeout = 5_000

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
    const clients = cluster.nodes.flatMap((node) => [
      client(node, signUps, recorder, over.signal),
      reader(node, recorder, over.signal),
    ])
    const timeline = join(process.env['TIMELINE_DIR'] ?? tmpdir(), `nemesis-${seed}.svg`)
    const draw = (
      faults: readonly PlayedFault[],
      verdict: string,
      findings: readonly Finding[] = [],
    ): void => {
      const title = `all faults at random, seed ${seed}: ${verdict}`
      writeFileSync(timeline, drawTimeline({ title, entries: recorder.entries, faults, findings, nodes }))
    }
    const played = await playFaults(cluster, schedule)
      .catch((error: unknown) => {
        if (error instanceof NemesisError) draw(error.played, error.message)
        throw error
      })
      .finally(() => over.abort())
    // Of the last heal; starting again whom it finds dead is part of X.
    const since = played.at(-1)?.from ?? performance.now()
    await Promise.all(clients)
    const took = await checkAll(cluster, signUps, {
      within: 60_000,
      since,
      sample: 30,
      expected: diskTakesNoWrites,
    })
    for (const { outcome, problem } of await Promise.all(cluster.nodes.map((node) => read(node, recorder))))
      expect(outcome, problem).toBe('ok')

    const verdict = checkSet(recorder.entries)
    if (verdict.verdict !== 'good' || process.env['TIMELINE_DIR'] !== undefined)
      draw(played, verdict.verdict, verdict.findings)
    const report = `${reportSet(verdict, recorder.entries, played, { seed })}\nsee ${timeline}`
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
  const problem = signUps.unknown.findLast((tried) => tried.who === who)?.why ?? ''
  return { operation, outcome: 'unknown', problem }
}

/** Reads a node again and again: some hundred times in all, whatever becomes of it meanwhile. */
const reader = async (
  node: ClusterNode,
  recorder: Recorder<SetOperation>,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    await delay(Math.max(500, seconds * 10))
    await read(node, recorder)
  }
}

/** The names of all users that a node holds, as its operator exports them. */
const read = async (node: ClusterNode, recorder: Recorder<SetOperation>): Promise<Attempt<SetOperation>> =>
  await recorder.record(
    node.name,
    async () => {
      const users = await exportUsers(node, AbortSignal.timeout(readTimeout))
      return { operation: { kind: 'read', elements: users.map(({ username }) => username) }, outcome: 'ok' }
    },
    { kind: 'read', elements: [] },
  )

describe(`the fault matrix: a nemesis, ${faults}`, () => {
  const start = (): Promise<Cluster> => startBudget(5, { faults, ...(possible ? { diskMb: 256 } : {}) })
  lanes({ name: 'nemesis', start, rows: [f16] })
})
