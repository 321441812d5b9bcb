/** One person signs up on both sides of a split, with one name and one password. */
import { browser, type Browser, type Cluster } from '@grapevine/local-cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { converged, everyNodeSees, startBudget, status } from './cluster/budget-cluster.ts'
import { loggedIn } from './people/logged-in.ts'
import { person, signUp, type Person } from './people/person.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startBudget(3)
})
afterAll(() => cluster.stop())

const labels = ['from the left', 'from the right'] as const

const addEntry = async (visitor: Browser, label: string): Promise<void> => {
  const fields = { label, amount: '12.50', direction: 'spent' }
  expect((await visitor.submit('/budget', fields)).status).toBe(303)
}

/** Signs up on both sides, writes something on each, and sees the split heal. */
const signedUpTwice = async (who: Person): Promise<void> => {
  const [left, right] = [cluster.node(0), cluster.node(2)]
  await cluster.partition([cluster.nodes.slice(0, 2), cluster.nodes.slice(2)])
  for (const [index, node] of [left, right].entries()) {
    await signUp(node, who)
    await addEntry(await loggedIn(node, who), labels[index] ?? '')
  }
  await cluster.heal()
  await everyNodeSees(cluster.nodes, 3)
  await converged(cluster.nodes, 20_000)
}

const budgetOn = async (index: number, who: Person): Promise<string> =>
  (await (await loggedIn(cluster.node(index), who)).get('/budget')).text

test(
  'W12: the password opens the owner on all nodes, and what the other account holds can be moved there',
  { timeout: 120_000 },
  async () => {
    const who = person('twice')
    await signedUpTwice(who)
    for (const index of [0, 1, 2]) {
      const text = await budgetOn(index, who)
      expect(
        labels.filter((label) => text.includes(label)),
        `node ${index}`,
      ).toEqual([labels[0]])
    }
    const visitor = await loggedIn(cluster.node(2), who)
    expect((await visitor.get('/account')).text).toContain('You have two accounts')
    const wrong = await visitor.submit('/account/twin', { action: 'join', password: 'wrong' })
    expect(wrong.status).toBe(403)
    const done = await visitor.submit('/account/twin', { action: 'join', password: who.password })
    expect({ status: done.status, location: done.location }).toEqual({
      status: 302,
      location: '/account?done=twin',
    })
    await converged(cluster.nodes, 20_000)
    for (const index of [0, 1, 2]) {
      const text = await budgetOn(index, who)
      expect(
        labels.filter((label) => text.includes(label)),
        `node ${index}`,
      ).toEqual([...labels])
      expect((await status(cluster.node(index))).users).toBe(1)
    }
    expect((await visitor.get('/account')).text).not.toContain('You have two accounts')
    process.stdout.write('ROW W12: opens on 3 of 3 nodes; both entries on 3 of 3 after joining\n')
  },
)

test('W12: the other account can be erased instead', { timeout: 120_000 }, async () => {
  const who = person('twice-and-erased')
  await signedUpTwice(who)
  const visitor = await loggedIn(cluster.node(1), who)
  expect((await visitor.submit('/account/twin', { action: 'erase', password: who.password })).status).toBe(
    302,
  )
  await converged(cluster.nodes, 20_000)
  for (const index of [0, 1, 2]) {
    const text = await budgetOn(index, who)
    expect(labels.filter((label) => text.includes(label))).toEqual([labels[0]])
    expect((await status(cluster.node(index))).users).toBe(2)
  }
  expect((await browser(cluster.node(0)).submit('/signup', { ...who })).status).toBe(302)
})
