import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFact } from './fact.ts'
import type { Fact } from './fact.ts'
import { foldAccount, passwordFact } from './fold.ts'
import type { RecordedFact } from './fact.ts'
import { hashOf, testId } from '../testing/kit.ts'
import { encodeStamp, nodeTag } from '../clock/stamp.ts'

const someUser = testId('user')

/** Few times and nodes, so that ties are common. */
const stamp = fc
  .tuple(fc.nat(3), fc.nat(1), fc.constantFrom('a', 'b'))
  .map(([ms, counter, node]) => encodeStamp({ ms, counter }, nodeTag(node)))
const username = fc.constantFrom('Ada', 'ADA', 'Eva')
const passwordHash = fc.constantFrom('one', 'two', 'three').map(hashOf)
const common = { user: fc.constant(someUser), at: stamp }

const registered = fc.record({ ...common, kind: fc.constant('registered' as const), username, passwordHash })
const said = fc.oneof(
  registered,
  fc.record({ ...common, kind: fc.constant('passwordChanged' as const), passwordHash }),
  fc.record({
    ...common,
    kind: fc.constant('rehashed' as const),
    passwordHash,
    rehashes: fc.nat(9).map((n) => testId(`${n}`)),
  }),
  fc.record({ ...common, kind: fc.constant('renamed' as const), username }),
  fc.record({ ...common, kind: fc.constantFrom('sessionsEnded' as const, 'disabled' as const) }),
  fc.record({
    ...common,
    kind: fc.constant('enabled' as const),
    lifts: fc.nat(9).map((n) => testId(`${n}`)),
  }),
)

const historyOf = (constraints: fc.ArrayConstraints): fc.Arbitrary<RecordedFact[]> =>
  fc.tuple(registered, fc.array(said, constraints)).map(([first, rest]) => recorded([first, ...rest]))

const recorded = (facts: readonly Fact[]): RecordedFact[] =>
  facts.map((fact, index) => ({ id: testId(`${index}`), fact }))

const history = historyOf({ maxLength: 10 })

const endings = new Set(['sessionsEnded', 'passwordChanged', 'disabled', 'enabled'])

describe('the fold', () => {
  test('does not depend on the order of arrival', () => {
    const shuffled = history.chain((facts) => fc.tuple(fc.constant(facts), shuffle(facts)))
    const same = fc.property(shuffled, ([facts, other]) => {
      expect(foldAccount(someUser, other)).toEqual(foldAccount(someUser, facts))
    })
    fc.assert(same, { numRuns: 1000 })
  })

  test('agrees on all orders of five facts', () => {
    const agrees = fc.property(historyOf({ minLength: 4, maxLength: 4 }), (facts) => {
      const results = permutations(facts).map((order) => JSON.stringify(foldAccount(someUser, order)))
      expect(new Set(results).size).toBe(1)
    })
    fc.assert(agrees, { numRuns: 50 })
  })

  test('of more facts never revives a session: the epoch is new and the time not lower', () => {
    const withMore = fc.tuple(history, history)
    const neverRevives = fc.property(withMore, ([first, second]) => {
      const later = second.map(({ fact }, index) => ({ id: testId(`later ${index}`), fact }))
      const before = foldAccount(someUser, first)
      const after = foldAccount(someUser, [...first, ...later])
      if (before === undefined || after === undefined) return
      expect(after.sessionsValidAfter).toBeGreaterThanOrEqual(before.sessionsValidAfter)
      const ended = later.some(({ fact }) => endings.has(fact.kind))
      expect(after.sessionEpoch === before.sessionEpoch).toBe(!ended)
    })
    fc.assert(neverRevives, { numRuns: 1000 })
  })

  test('is disabled if and only if a disabling is not lifted, whatever the stamps', () => {
    const iff = fc.property(history, (facts) => {
      const lifted = new Set(facts.flatMap(({ fact }) => (fact.kind === 'enabled' ? [fact.lifts] : [])))
      const open = facts.some(({ id, fact }) => fact.kind === 'disabled' && !lifted.has(id))
      expect(foldAccount(someUser, facts)?.disabled ?? open).toBe(open)
    })
    fc.assert(iff)
  })

  test('is nothing once an erasure is among the facts, whatever its stamp', () => {
    const nothing = fc.property(history, stamp, (facts, at) => {
      const erased = { id: testId('erased'), fact: { kind: 'erased', user: someUser, at } } as const
      expect(foldAccount(someUser, [...facts, erased])).toBeUndefined()
    })
    fc.assert(nothing)
  })

  test('is nothing as long as the registration has not arrived', () => {
    const nothing = fc.property(history, (facts) => {
      const rest = facts.filter(({ fact }) => fact.kind !== 'registered')
      expect(foldAccount(someUser, rest)).toBeUndefined()
    })
    fc.assert(nothing)
  })

  test('a re-hash changes neither sessions nor which fact sets the password, and counts for that fact only', () => {
    const inert = fc.property(history, (facts) => {
      const without = facts.filter(({ fact }) => fact.kind !== 'rehashed')
      const { passwordHash: hash, ...account } = foldAccount(someUser, facts) ?? {}
      expect(foldAccount(someUser, without)).toMatchObject(account)
      const current = passwordFact(facts)
      expect(passwordFact(without)).toEqual(current)
      const naming = facts
        .flatMap(({ id, fact }) => (fact.kind === 'rehashed' ? [{ id, fact }] : []))
        .filter(({ fact }) => fact.rehashes === current?.id)
        .toSorted((a, b) => (a.fact.at + a.id < b.fact.at + b.id ? -1 : 1))
      expect(hash).toBe(naming.at(-1)?.fact.passwordHash ?? current?.fact.passwordHash)
    })
    fc.assert(inert, { numRuns: 1000 })
  })

  test('a new spelling of a name keeps the claim; coming back to a name is a new claim', () => {
    const [first, second, third] = [1, 2, 3].map((ms) => encodeStamp({ ms, counter: 0 }, nodeTag('a')))
    const registration = {
      kind: 'registered',
      user: someUser,
      at: first,
      username: 'Ada',
      passwordHash: hashOf('one'),
    }
    const rename = (username: string, at: unknown) => ({ kind: 'renamed', user: someUser, at, username })
    expect(foldAll([registration, rename('ADA', second)])).toMatchObject({
      username: 'ADA',
      claimedAt: first,
    })
    expect(foldAll([registration, rename('Eva', second), rename('ada', third)])?.claimedAt).toBe(third)
  })
})

const foldAll = (values: readonly object[]) => {
  const facts = values
    .map((value) => parseFact(value))
    .flatMap((parsed) => (parsed.kind === 'fact' ? parsed.fact : []))
  expect(facts).toHaveLength(values.length)
  return foldAccount(someUser, recorded(facts))
}

const shuffle = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length })

const permutations = <T>(items: readonly T[]): T[][] => {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}
