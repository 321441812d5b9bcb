import { expect, test } from 'vitest'
import { hashOf, heal, noon, startNode } from '../testing/kit.ts'

const ada = { username: 'Ada', passwordHash: hashOf('one') }

test('tells what happened to an account since, the latest first', () => {
  const node = startNode('a')
  const { id } = node.users.register(ada)
  const at = (minutes: number): number => (node.clock = noon + minutes * 60_000)
  at(1)
  node.users.changePassword(id, hashOf('two'))
  at(2)
  node.users.rename(id, 'Eva')
  at(3)
  node.users.disable(id)
  expect(node.users.news(id, noon).map(({ kind }) => kind)).toEqual([
    'disabled',
    'renamed',
    'password-changed',
  ])
  expect(node.users.news(id, noon + 60_000)).toEqual([
    { kind: 'disabled', at: noon + 180_000 },
    { kind: 'renamed', at: noon + 120_000 },
  ])
  expect(node.users.news('nobody', 0)).toEqual([])
})

test('tells both of a contested name, by the claim of the other', () => {
  const [a, b] = [startNode('a'), startNode('b', { clock: noon + 60_000 })]
  const [first, second] = [a.users.register(ada), b.users.register(ada)]
  heal(a, b)
  expect(a.users.news(first.id, noon)).toEqual([{ kind: 'name-contested', at: noon + 60_000 }])
  expect(a.users.news(second.id, noon - 1)).toEqual([{ kind: 'name-contested', at: noon }])
})
