/** What an account is must be a function of the set of its facts: of all sets, orders, and clocks years apart. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factOf, keyOf, type Fact as HeldFact } from '@grapevine/facts'
import { latestMs } from '../clock/stamp.ts'
import { emptySet, hashOf, stampAt, testId } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'
import type { User } from '../user.ts'

const someUser = testId('user')

/** What may be said; what it names is picked among what was said before, held by the reader or not. */
const saying = fc.record({
  kind: fc.constantFrom(
    'registered',
    'passwordChanged',
    'rehashed',
    'renamed',
    'respelled',
    'sessionsEnded',
    'disabled',
    'enabled',
    'promoted',
  ),
  // From the beginning of time to its end, and often the same.
  ms: fc.constantFrom(0, 1, 1_767_268_800_000, 1_767_268_800_001, 4_291_747_200_000, latestMs),
  named: fc.array(fc.nat(30), { maxLength: 3 }),
  name: fc.constantFrom('Ada', 'ADA', 'Eva'),
  password: fc.constantFrom('one', 'two', 'three'),
})

const factsOf = (
  sayings: readonly (typeof saying extends fc.Arbitrary<infer S> ? S : never)[],
): HeldFact[] => {
  const facts: HeldFact[] = []
  const hashes: string[] = []
  for (const [index, { kind, ms, named, name, password }] of sayings.entries()) {
    const after = [...new Set(named.flatMap((n) => hashes[n % Math.max(1, hashes.length)] ?? []))]
    const one = after[0] ?? 'zlFZmkPCR8ghDkuJW34xdteIlcc'
    const fields: Record<string, object> = {
      registered: { username: name, passwordHash: hashOf(password) },
      passwordChanged: { passwordHash: hashOf(password) },
      rehashed: { passwordHash: hashOf(`${password} anew`), rehashes: one },
      renamed: { username: name },
      respelled: { username: name, continues: one },
      enabled: { lifts: after },
    }
    const text = JSON.stringify({
      kind,
      at: stampAt(ms),
      salt: testId(`salt ${index}`),
      after,
      ...fields[kind],
    })
    const fact = factOf(someUser, text)
    facts.push(fact)
    hashes.push(keyOf(fact).slice(someUser.length + 2))
  }
  return facts
}

const history = fc.array(saying, { minLength: 1, maxLength: 14, size: 'max' }).map(factsOf)

const userOf = (...batches: readonly (readonly HeldFact[])[]): User | undefined => {
  const facts = emptySet()
  const users = createUserCache({ facts, nodeId: 'reader' })
  for (const batch of batches) {
    facts.insert(batch)
    // Folded in between, so that what is kept of it cannot help.
    users.get(someUser)
  }
  return users.get(someUser)
}

describe('the fold', () => {
  test('is the same in every order, one by one, in parts, with repetitions, and after a restart', () => {
    const orders = history.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.nat(facts.length),
      ),
    )
    fc.assert(
      fc.property(orders, ([facts, other, cut]) => {
        const whole = userOf(facts)
        expect(userOf(...other.map((fact) => [fact]))).toEqual(whole)
        expect(userOf(other.slice(0, cut), other.slice(cut), other)).toEqual(whole)
      }),
      { numRuns: 3_000 },
    )
  }, 180_000)

  test('tells what is not read, whatever the order', () => {
    const shuffled = history.chain((facts) =>
      fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })),
    )
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        const [one, two] = [emptySet(), emptySet()].map((set) => ({
          set,
          users: createUserCache({ facts: set, nodeId: 'reader' }),
        }))
        one?.set.insert(facts)
        for (const fact of other) two?.set.insert([fact])
        expect(two?.users.unread().unknownKind?.count).toBe(one?.users.unread().unknownKind?.count)
      }),
      { numRuns: 500 },
    )
  })

  test('is disabled if and only if a disabling is not lifted, whatever the stamps', () => {
    fc.assert(
      fc.property(history, (facts) => {
        const said = facts.map((fact) => ({
          hash: keyOf(fact).slice(someUser.length + 2),
          value: JSON.parse(fact.mark === '.' ? fact.text : '') as { kind: string; lifts?: string[] },
        }))
        const lifted = new Set(said.flatMap(({ value }) => value.lifts ?? []))
        const open = said.some(({ hash, value }) => value.kind === 'disabled' && !lifted.has(hash))
        expect(userOf(facts)?.disabled ?? open).toBe(open)
      }),
      { numRuns: 1_000 },
    )
  })

  test('of one more change, made after hearing of all, is that change, whatever the stamps', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(0, 1_767_268_800_000, 2 ** 50), (facts, now) => {
        const set = emptySet()
        set.insert(facts)
        const users = createUserCache({ facts: set, nodeId: 'writer', now: () => now })
        const before = users.get(someUser)
        if (before === undefined) return
        expect(users.changePassword(someUser, hashOf('mine')).passwordHash).toBe(hashOf('mine'))
        expect(users.rehash(someUser, hashOf('mine, anew'), hashOf('mine')).passwordHash).toBe(
          hashOf('mine, anew'),
        )
        expect(users.rename(someUser, 'Zoe').username).toBe('Zoe')
        expect(users.rename(someUser, 'ZOE').username).toBe('ZOE')
        const { sessionEpoch } = users.endSessions(someUser)
        expect(sessionEpoch).not.toBe(before.sessionEpoch)
        expect(users.disable(someUser).disabled).toBe(true)
        expect(users.enable(someUser).disabled).toBe(false)
        expect(createUserCache({ facts: set, nodeId: 'reader' }).get(someUser)).toEqual(users.get(someUser))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a session epoch', () => {
  /** Some facts, and all that somebody who wrote the last of them knew of. */
  test('never comes back once an ending that its issuer did not know of is there', () => {
    const parts = history.chain((facts) =>
      fc.tuple(fc.constant(facts), fc.subarray(facts), fc.subarray(facts)),
    )
    fc.assert(
      fc.property(parts, ([facts, atIssue, later]) => {
        const issued = userOf(atIssue)
        const now = userOf([...atIssue, ...later])
        if (issued === undefined || now === undefined) return
        const isUnknown = (fact: HeldFact) => isEnding(fact) && !isBelow(fact, atIssue, facts)
        expect(later.some(isUnknown) && now.sessionEpoch === issued.sessionEpoch).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  }, 120_000)
})

const isEnding = (fact: HeldFact): boolean =>
  fact.mark === '.' && /^\{"kind":"(sessionsEnded|passwordChanged|disabled|enabled)"/.test(fact.text)

/** Whether the fact is among some, or, as an ending, named by one of them or by what those name among the endings. */
const isBelow = (fact: HeldFact, some: readonly HeldFact[], all: readonly HeldFact[]): boolean => {
  const hashOfFact = (each: HeldFact): string => keyOf(each).slice(someUser.length + 2)
  const byHash = new Map(all.map((each) => [hashOfFact(each), each]))
  const known = new Set<string>()
  const visit = (each: HeldFact): void => {
    if (known.has(hashOfFact(each)) || each.mark === '!' || !isEnding(each)) return
    known.add(hashOfFact(each))
    const { after } = JSON.parse(each.text) as { after: string[] }
    for (const hash of after) {
      const named = byHash.get(hash)
      if (named !== undefined) visit(named)
    }
  }
  for (const each of some) visit(each)
  return known.has(hashOfFact(fact))
}
