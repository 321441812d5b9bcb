import { setTimeout as delay } from 'node:timers/promises'
import { eventually, type Cluster } from '@grapevine/local-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converged, everyNodeSees, startBudget, status } from './cluster/budget-cluster.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'

/** How long the split is held, in milliseconds: longer than suspicion, and than any single dial. */
const splitFor = 30_000

let cluster: Cluster
beforeAll(async () => {
  cluster = await startBudget(5)
})
afterAll(() => cluster.stop())

describe('story 2: authentication works after a network partition heals', () => {
  const left = ['node-1', 'node-2', 'node-3'] as const
  const right = ['node-4', 'node-5'] as const
  const onLeft = [person('lea'), person('lou')]
  const onRight = [person('ria'), person('rob')]
  const nodes = (names: readonly string[]): ReturnType<Cluster['node']>[] =>
    names.map((name) => cluster.node(name))

  test('during the split each side signs people up and logs them in', async () => {
    await cluster.partition([left, right])
    for (const who of onLeft) await signUp(cluster.node('node-1'), who)
    for (const who of onRight) await signUp(cluster.node('node-4'), who)
    for (const who of onLeft) await logInAtOnce(cluster.node('node-2'), who)
    for (const who of onRight) await logInAtOnce(cluster.node('node-5'), who)
  })

  test('who signed up on the other side gets the form again, with an error', async () => {
    const [lea, ria] = [onLeft[0], onRight[0]]
    if (lea === undefined || ria === undefined) throw new Error('nobody signed up')
    for (const [node, stranger] of [
      ['node-5', lea],
      ['node-3', ria],
    ] as const) {
      const answer = await tryLogin(cluster.node(node), stranger)
      expect(answer.status).toBe(200)
      expect(answer.html.querySelector('[role=alert]')?.text).toBeTruthy()
    }
  })

  test('each side knows that it does not see the whole cluster', async () => {
    await everyNodeSees(nodes(left), 3)
    await everyNodeSees(nodes(right), 2)
    await eventually(
      async () => {
        for (const node of nodes(left)) expect((await status(node)).view).toBe('majority')
        for (const node of nodes(right)) expect((await status(node)).view).toBe('minority')
      },
      { within: 15_000 },
    )
    await delay(splitFor)
  })

  test('after the heal everybody logs in everywhere, with nobody restarting or re-sending anything', async () => {
    await cluster.heal()
    const healed = Date.now()
    await converged(cluster.nodes, 15_000)
    process.stdout.write(`equal digests ${Date.now() - healed} ms after the heal\n`)
    for (const node of cluster.nodes) {
      for (const who of [...onLeft, ...onRight]) await logInAtOnce(node, who)
    }
    await everyNodeSees(cluster.nodes, 5)
    for (const node of cluster.nodes) expect((await status(node)).view).toBe('whole')
  })
})

describe('story 3: crashes and namesakes', () => {
  test('a node that is killed comes back with its users from its own disk, cut off from all others', async () => {
    const who = person('sam')
    await signUp(cluster.node('node-1'), who)
    const node = cluster.node('node-5')
    await node.kill()
    await cluster.isolate(node)
    await node.restart()
    await logInAtOnce(node, who)
    await cluster.heal()
    await everyNodeSees(cluster.nodes, 5)
  })

  test('the same username on both sides of a split is two accounts, and neither password opens the other', async () => {
    await cluster.partition([
      ['node-1', 'node-2', 'node-3'],
      ['node-4', 'node-5'],
    ])
    const [one, other] = [person('kim'), { username: 'Kim', password: 'quite another password' }]
    await signUp(cluster.node('node-1'), one)
    await signUp(cluster.node('node-4'), other)
    await cluster.heal()
    await converged(cluster.nodes, 15_000)
    for (const node of cluster.nodes) {
      await logInAtOnce(node, one)
      await logInAtOnce(node, other)
      const guess = await tryLogin(node, { username: 'kim', password: 'neither of the two' })
      expect(guess.status).toBe(200)
    }
  })
})
