import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  checkSet,
  createRecorder,
  drawTimeline,
  playFaults,
  reportSet,
  scheduleFaults,
  startCluster,
  type Attempt,
  type Cluster,
  type ClusterNode,
  type FaultKind,
  type ScheduledFault,
  type SetOperation,
  type SetVerdict,
} from './index.ts'
import './test-runners/vitest.ts'

const nodeNames = ['a', 'b', 'c']
const allKinds: readonly FaultKind[] = [
  'partition',
  'bridge',
  'isolate',
  'cut',
  'flapNode',
  'slow',
  'delay',
  'pause',
  'kill',
]

const start = async (env: Readonly<Record<string, string>> = {}): Promise<Cluster> =>
  await startCluster({
    entry: new URL('../fixtures/kept-notes.mjs', import.meta.url),
    nodes: nodeNames,
    faults: 'in-process',
    requestTimeoutMs: 1_500,
    env: (_place, all) => ({
      ...env,
      PEERS: all.map(({ host, port }) => `http://${host}:${port}`).join(),
    }),
  })

const notesOf = async (node: ClusterNode): Promise<string[]> => (await node.json('/notes')) as string[]

const add = async (node: ClusterNode, element: string): Promise<Attempt<SetOperation>> => {
  const { ok } = await node.fetch('/notes', { method: 'POST', body: element })
  return { operation: { kind: 'add', element }, outcome: ok ? 'ok' : 'unknown' }
}

const read = async (node: ClusterNode): Promise<Attempt<SetOperation>> => ({
  operation: { kind: 'read', elements: await notesOf(node) },
  outcome: 'ok',
})

interface Judged {
  readonly verdict: SetVerdict
  readonly report: string
  readonly timeline: string
}

/** Plays the schedule while one client for each node adds notes, and judges what all nodes hold when all is quiet. */
const judge = async (
  cluster: Cluster,
  schedule: readonly ScheduledFault[],
  seed: number,
): Promise<Judged> => {
  const recorder = createRecorder<SetOperation>()
  const over = new AbortController()
  const client = async (node: ClusterNode): Promise<void> => {
    for (let number = 0; !over.signal.aborted; number++) {
      const element = `${node.name} ${number}`
      await recorder.record(node.name, async () => await add(node, element), { kind: 'add', element })
      await delay(20)
    }
  }
  const clients = cluster.nodes.map(client)
  const faults = await playFaults(cluster, schedule).finally(() => over.abort())
  await Promise.all(clients)
  await expect(cluster).toConverge(notesOf, { within: 15_000 })
  for (const node of cluster.nodes)
    await recorder.record(node.name, async () => await read(node), { kind: 'read', elements: [] })
  const { entries } = recorder
  const verdict = checkSet(entries)
  const report = reportSet(verdict, entries, faults, { seed })
  return { verdict, report, timeline: drawTimeline({ title: `SEED=${seed}`, entries, faults }) }
}

describe('a nemesis on a real cluster', { timeout: 60_000 }, () => {
  test('a program that keeps what it acknowledges loses nothing, whatever happens to it', async () => {
    const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32))
    process.stdout.write(`SEED=${seed}\n`)
    await using cluster = await start()
    const schedule = scheduleFaults({
      seed,
      nodes: nodeNames,
      kinds: allKinds,
      durationMs: 5_000,
      holdMs: [300, 1_000],
      calmMs: [100, 400],
    })
    const { verdict, report } = await judge(cluster, schedule, seed)
    expect(verdict.verdict, report).toBe('good')
    expect(verdict.acknowledged, report).toBeGreaterThan(20)
  })

  test('a program that forgets what it has acknowledged when it is killed is found out, by the elements', async () => {
    await using cluster = await start({ FORGETS: 'yes' })
    // What is acknowledged while nobody can hear of it is gone for certain.
    const schedule: readonly ScheduledFault[] = [
      { atMs: 300, action: { kind: 'isolate', node: 'a' } },
      { atMs: 1_500, action: { kind: 'kill', node: 'a' } },
      { atMs: 1_800, action: { kind: 'heal' } },
    ]
    const { verdict, report, timeline } = await judge(cluster, schedule, 0)
    expect(verdict.verdict, report).toBe('bad')
    expect(verdict.lost).toContainEqual(expect.stringMatching(/^a \d+$/))
    expect(report).toMatch(/isolate a/)
    expect(timeline).toContain('kill a')
  })
})
