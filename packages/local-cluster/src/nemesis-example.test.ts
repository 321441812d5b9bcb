// The nemesis of README.md, word for word but for where things are (see readme.test.ts).
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  checkSet,
  createRecorder,
  drawTimeline,
  playFaults,
  reportSet,
  scheduleFaults,
  startCluster,
  type Attempt,
  type ClusterNode,
  type SetOperation,
} from './index.ts'
import './test-runners/vitest.ts'

/** Adds a note: `ok` if it was acknowledged; what throws is recorded as `unknown`. */
const add = async (node: ClusterNode, element: string): Promise<Attempt<SetOperation>> => {
  const { ok } = await node.fetch('/notes', { method: 'POST', body: element })
  return { operation: { kind: 'add', element }, outcome: ok ? 'ok' : 'unknown' }
}

const read = async (node: ClusterNode): Promise<Attempt<SetOperation>> => {
  const elements = (await node.json('/notes')) as string[]
  return { operation: { kind: 'read', elements }, outcome: 'ok' }
}

test('no acknowledged note is lost, whatever the network does', { timeout: 60_000 }, async () => {
  await using cluster = await startCluster({
    entry: new URL('../examples/notes.mjs', import.meta.url),
    nodes: 3,
    env: (_place, all) => ({ PEERS: all.map((peer) => `http://${peer.host}:${peer.port}`).join() }),
  })
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 32))
  console.log(`SEED=${seed}`)
  const schedule = scheduleFaults({
    seed,
    nodes: cluster.nodes.map(({ name }) => name),
    kinds: ['partition', 'isolate', 'cut', 'flapNode', 'slow', 'pause'],
    durationMs: 4_000,
    holdMs: [300, 1_000],
    calmMs: [100, 300],
  })
  const recorder = createRecorder<SetOperation>()
  const over = new AbortController()
  const client = async (node: ClusterNode): Promise<void> => {
    for (let number = 0; !over.signal.aborted; number++) {
      const element = `${node.name} ${number}`
      await recorder.record(node.name, () => add(node, element), { kind: 'add', element })
      await delay(20)
    }
  }

  const clients = cluster.nodes.map((node) => client(node))
  const faults = await playFaults(cluster, schedule).finally(() => over.abort())
  await Promise.all(clients)
  await expect(cluster).toConverge((node) => node.json('/notes'), { within: 10_000 })
  for (const node of cluster.nodes) {
    const last = await recorder.record(node.name, () => read(node), { kind: 'read', elements: [] })
    expect(last.outcome, last.problem).toBe('ok')
  }

  const verdict = checkSet(recorder.entries)
  if (verdict.verdict !== 'good')
    writeFileSync('run.svg', drawTimeline({ title: `SEED=${seed}`, entries: recorder.entries, faults }))
  expect(verdict.verdict, reportSet(verdict, recorder.entries, faults, { seed })).toBe('good')
})
