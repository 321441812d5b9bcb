// A partition test of a program that knows nothing of Grapevine: local-cluster and Node's own test runner.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually, startCluster } from '@grapevine/local-cluster'

let cluster
before(async () => {
  cluster = await startCluster({
    entry: 'notes.mjs',
    nodes: 3,
    ready: '/',
    env: (_place, all) => ({ PEERS: all.map(({ host, port }) => `http://${host}:${port}`).join() }),
  })
})
after(() => cluster?.stop())

const put = (node, body) => node.fetch('/notes', { method: 'POST', body })

void test('what two sides wrote during a partition is on all nodes after the heal', async () => {
  const [one, two, three] = cluster.nodes
  await cluster.partition([[one, two], [three]])
  await put(one, 'from the left')
  await put(three, 'from the right')
  assert.deepEqual(await three.json('/notes'), ['from the right'])

  await cluster.heal()
  const allHoldBoth = async () => {
    for (const node of cluster.nodes) {
      assert.deepEqual(await node.json('/notes'), ['from the left', 'from the right'])
    }
  }
  await eventually(allHoldBoth, { within: 5_000 })
})
