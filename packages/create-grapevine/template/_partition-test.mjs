// npm test: three instances as real processes, whose network is cut and healed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { browser, eventually, startCluster } from '@grapevine/local-cluster'

let cluster
before(async () => {
  cluster = await startCluster({
    entry: 'app.mjs',
    nodes: 3,
    env: {
      NODE_ENV: 'development',
      CLUSTER_SECRET: 'only-for-this-test-run',
      CLUSTER_NAME: `test-${process.pid}`,
      CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
    },
    startTimeoutMs: 60_000,
  })
  await eventually(
    async () => {
      for (const node of cluster.nodes) assert.equal((await node.json('/cluster.json')).links.length, 2)
    },
    { within: 30_000 },
  )
})
after(() => cluster?.stop())

const person = (username) => ({ username, password: `the password of ${username}` })
const signUp = async (node, name) =>
  assert.equal((await browser(node).submit('/signup', person(name))).location, '/')
const logIn = async (node, name) => {
  const visitor = browser(node)
  assert.equal((await visitor.submit('/', person(name))).location, '/note', `${name} on ${node.name}`)
  return visitor
}

void test('who signs up on one instance logs in on any other', async () => {
  await signUp(cluster.nodes[0], 'ada')
  for (const node of cluster.nodes) await logIn(node, 'ada')
})

void test('both sides of a split go on, and after the heal everybody and everything is everywhere', async () => {
  const [one, two, three] = cluster.nodes
  await cluster.partition([[one], [two, three]])
  await signUp(one, 'bob')
  await signUp(two, 'eve')
  const eve = await logIn(three, 'eve')
  await eve.submit('/note', { text: 'written in the split' })
  await cluster.heal()
  await eventually(
    async () => {
      for (const node of cluster.nodes) {
        await logIn(node, 'bob')
        const { text } = await (await logIn(node, 'eve')).get('/note')
        assert.match(text, /written in the split/)
      }
    },
    { within: 30_000 },
  )
})
