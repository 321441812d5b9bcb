import { browser, eventually, type Browser, type ClusterNode } from '@grapevine/local-cluster'
import { expect, test } from 'vitest'
import { everyNodeSees, startBudget } from './cluster/budget-cluster.ts'
import { person, signUp } from './people/person.ts'

const logIn = async (node: ClusterNode): Promise<Browser> => {
  const visitor = browser(node)
  expect((await visitor.submit('/', { ...person('ada') })).status).toBe(302)
  return visitor
}

const add = async (visitor: Browser, label: string, amount: string): Promise<void> => {
  const fields = { label, amount, direction: 'received' }
  expect((await visitor.submit('/budget', fields, { action: '/budget' })).status).toBe(303)
}

const total = async (visitor: Browser): Promise<string | undefined> =>
  (await visitor.get('/budget')).html.querySelector('.total')?.text

const content = async (node: ClusterNode): Promise<unknown> =>
  Reflect.get(Object(await node.json('/cluster.json')), 'content')

test('entries outlive a split and a removal, and a member that joins later has them too', async () => {
  await using cluster = await startBudget(2)
  await signUp(cluster.node(0), person('ada'))
  const [left, right] = [await logIn(cluster.node(0)), await logIn(cluster.node(1))]
  await add(left, 'mistyped', '1')
  await left.submit('/budget', {}, { action: '/budget/remove' })
  expect(await total(right)).toBe('0.00')

  await cluster.partition([[0], [1]])
  await add(left, 'on the left', '10')
  await add(right, 'on the right', '20')
  expect([await total(left), await total(right)]).toEqual(['10.00', '20.00'])
  await cluster.heal()
  for (const visitor of [left, right]) {
    await eventually(async () => expect(await total(visitor)).toBe('30.00'), { within: 20_000 })
  }

  const late = await cluster.start()
  await everyNodeSees(cluster.nodes, 3)
  await eventually(async () => expect(await content(late)).toBe(await content(cluster.node(0))), {
    within: 20_000,
  })
  expect(await total(await logIn(late))).toBe('30.00')
})
