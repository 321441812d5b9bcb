// The example of README.md, word for word but for where things are (see readme.test.ts).
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { startCluster, type Cluster, type ClusterNode } from './index.ts'
import { showLogsOnFailure } from './test-runners/vitest.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster({
    entry: new URL('../examples/notes.mjs', import.meta.url),
    nodes: 3,
    env: (_place, all) => ({ PEERS: all.map((peer) => `http://${peer.host}:${peer.port}`).join() }),
  })
}, 30_000)
beforeEach(() => showLogsOnFailure(cluster))
afterEach(() => cluster.heal())
afterAll(() => cluster?.stop())

const notes = (node: ClusterNode): Promise<unknown> => node.json('/notes')
const put = (node: ClusterNode, body: string): Promise<unknown> =>
  node.fetch('/notes', { method: 'POST', body })

test('what two sides wrote during a partition is on all nodes after the heal', async () => {
  const [one, two, three] = [cluster.node('node-1'), cluster.node('node-2'), cluster.node('node-3')]

  await cluster.partition([[one, two], [three]])
  await put(one, 'from the left')
  await put(three, 'from the right')
  expect(await notes(three)).toEqual(['from the right'])

  await cluster.heal()
  await expect(cluster).toConverge(notes, { within: 3_000 })
  expect(await notes(two)).toEqual(['from the left', 'from the right'])
})

test('a node that crashed has what the others have once it is back', async () => {
  await cluster.kill('node-2')
  await put(cluster.node('node-1'), 'while it was away')

  await cluster.heal()
  await expect(cluster).toConverge(notes, { within: 3_000 })
})

test('a node that hung for a while answers again', async () => {
  await cluster.pause('node-3')
  const late = notes(cluster.node('node-3'))

  await cluster.heal()
  expect(await late).toContain('from the left')
})
