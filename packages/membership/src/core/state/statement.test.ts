import {
  array,
  assert,
  constantFrom,
  integer,
  property,
  record,
  shuffledSubarray,
  uniqueArray,
} from 'fast-check'
import { expect, test } from 'vitest'
import { merge, type Statement } from './statement.ts'

const statement = record({
  id: constantFrom('m'),
  name: constantFrom('m', 'n'),
  incarnation: integer({ min: 0, max: 3 }),
  addresses: constantFrom<string[]>([], ['/ip4/192.0.2.1/tcp/1']),
  metadata: constantFrom<Record<string, string>>({}, { http: 'a' }, { http: 'b' }),
  state: constantFrom('alive', 'suspect', 'down', 'left'),
  accusers: uniqueArray(constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 4 }),
}).map(({ accusers, ...member }): Statement => {
  return member.state === 'suspect' ? { ...member, accusers: accusers.sort() } : member
})

test('it does not matter in which order two statements arrive', () => {
  assert(
    property(statement, statement, (a, b) => {
      expect(merge(a, b)).toEqual(merge(b, a))
    }),
  )
})

test('it does not matter how statements are grouped on their way', () => {
  assert(
    property(statement, statement, statement, (a, b, c) => {
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
    }),
  )
})

test('hearing a statement again changes nothing', () => {
  assert(
    property(statement, statement, (a, b) => {
      const once = merge(a, b)
      expect(merge(once, b)).toBe(once)
    }),
  )
})

test('members that heard the same statements, in whatever order and however often, hold the same', () => {
  const heard = array(statement, { minLength: 1, maxLength: 8 }).chain((statements) =>
    record({
      statements: constantFrom(statements),
      again: shuffledSubarray([...statements, ...statements], { minLength: statements.length }),
    }),
  )
  assert(
    property(heard, ({ statements, again }) => {
      const all = [...again, ...statements]
      expect(all.reduceRight((known, next) => merge(next, known))).toEqual(statements.reduce(merge))
    }),
  )
})

const base: Statement = { id: 'm', name: 'm', incarnation: 5, addresses: [], metadata: {}, state: 'alive' }

test.each([
  ['the graver state wins within one incarnation', { state: 'alive' }, { state: 'suspect' }, 'suspect'],
  [
    'an accusation of an earlier incarnation is void',
    { state: 'alive', incarnation: 6 },
    { state: 'suspect' },
    'alive',
  ],
  [
    'a refutation with a higher incarnation wins',
    { state: 'suspect' },
    { state: 'alive', incarnation: 6 },
    'alive',
  ],
  ['down is not undone by the incarnation that is down', { state: 'down' }, { state: 'alive' }, 'down'],
  ['who left comes back by a new start only', { state: 'left' }, { state: 'alive', incarnation: 6 }, 'alive'],
  ['leaving is not turned into a crash', { state: 'left' }, { state: 'down' }, 'left'],
] as const)('%s', (_, known, statement, expected) => {
  expect(merge({ ...base, ...known }, { ...base, ...statement }).state).toBe(expected)
})

test('accusers add up, and are bounded', () => {
  const accused = (...accusers: string[]): Statement => ({ ...base, state: 'suspect', accusers })
  expect(merge(accused('c'), accused('a')).accusers).toEqual(['a', 'c'])
  expect(merge(accused('a', 'b', 'c', 'd'), accused('e', 'f')).accusers).toEqual(['a', 'b', 'c', 'd'])
})
