import { expect, test } from 'vitest'
import * as fc from 'fast-check'
import { emptySet, allOf, hashOf, heal, noon, pull, startNode, type TestNode } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'

const rolesOf = ({ users }: TestNode, id: string): readonly string[] => users.get(id)?.roles ?? []

const twoSides = (clocks: readonly [number, number] = [noon, noon]) => {
  const [left, right] = [startNode('left', { clock: clocks[0] }), startNode('right', { clock: clocks[1] })]
  const { id } = left.users.register({ username: 'ada', passwordHash: hashOf('x') })
  pull(right, left)
  return { left, right, id }
}

test('a role that is granted is held on every member, until it is revoked; and can be granted again', () => {
  const { left, right, id } = twoSides()
  left.users.grantRole(id, 'operator')
  pull(right, left)
  expect(rolesOf(right, id)).toEqual(['operator'])
  expect(right.users.withRole('operator')).toEqual([right.users.get(id)])
  right.users.revokeRole(id, 'operator')
  pull(left, right)
  expect(rolesOf(left, id)).toEqual([])
  expect(left.users.withRole('operator')).toEqual([])
  left.users.grantRole(id, 'operator')
  heal(left, right)
  expect([rolesOf(left, id), rolesOf(right, id)]).toEqual([['operator'], ['operator']])
})

test('a revocation wins over a grant that did not know of it, whatever the clocks', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(10 * noon), fc.nat(10 * noon)), (clocks) => {
      const { left, right, id } = twoSides(clocks)
      left.users.grantRole(id, 'operator')
      heal(left, right)
      left.users.revokeRole(id, 'operator')
      // The other side of a split takes it away and gives it back meanwhile.
      right.users.revokeRole(id, 'operator')
      right.users.grantRole(id, 'operator')
      heal(left, right)
      expect([rolesOf(left, id), rolesOf(right, id)]).toEqual([[], []])
      // Who knows of both decides.
      right.users.grantRole(id, 'operator')
      heal(left, right)
      expect([rolesOf(left, id), rolesOf(right, id)]).toEqual([['operator'], ['operator']])
    }),
  )
})

test('two roles do not touch each other, and the same are read in every order of their facts', () => {
  const { left, right, id } = twoSides()
  left.users.grantRole(id, 'operator')
  right.users.grantRole(id, 'auditor')
  right.users.revokeRole(id, 'auditor')
  right.users.grantRole(id, 'auditor')
  heal(left, right)
  expect(rolesOf(left, id)).toEqual(['auditor', 'operator'])
  const all = allOf(left.facts)
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (facts) => {
      const set = emptySet()
      const users = createUserCache({ facts: set, nodeId: 'reader' })
      for (const fact of facts) set.insert([fact])
      expect(users.get(id)?.roles).toEqual(['auditor', 'operator'])
    }),
  )
})

test('erasing the account takes its roles with it, whoever grants one meanwhile', () => {
  const { left, right, id } = twoSides()
  left.users.erase(id)
  right.users.grantRole(id, 'operator')
  heal(left, right)
  expect([left.users.get(id), right.users.get(id)]).toEqual([undefined, undefined])
  expect(right.users.withRole('operator')).toEqual([])
  expect(right.facts.isErased(id)).toBe(true)
})

test('what changes nothing writes nothing, and the owner is told of what does', () => {
  const { left, id } = twoSides()
  left.users.revokeRole(id, 'operator')
  expect(left.facts.of(id)).toHaveLength(1)
  left.users.grantRole(id, 'operator')
  left.users.grantRole(id, 'operator')
  left.clock += 1
  left.users.revokeRole(id, 'operator')
  left.users.revokeRole(id, 'operator')
  expect(left.facts.of(id)).toHaveLength(3)
  expect(left.users.news(id, 0).map(({ kind }) => kind)).toEqual(['role-revoked', 'role-granted'])
})

test.each(['', 'Operator', 'an operator', 'x'.repeat(33), '__proto__'])('%j is no role', (role) => {
  const { left, id } = twoSides()
  expect(() => left.users.grantRole(id, role)).toThrow(expect.objectContaining({ code: 'INVALID_ROLE' }))
})
