import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { createFactSet, type Change, type FactSet } from './fact-set.ts'
import { erasureOf, factOf, keyOf, type Fact } from './fact.ts'
import { anyFact } from './testing/random.ts'

const emptySet = (later?: (work: () => void) => void): FactSet =>
  createFactSet({ doc: new Y.Doc(), root: 'facts', ...(later === undefined ? {} : { later }) })

const setOf = (...facts: readonly Fact[]): FactSet => {
  const set = emptySet()
  set.insert(facts)
  return set
}

/** What a set must hold after these facts, in whatever order they came. */
const expectedKeys = (facts: readonly Fact[]): string[] => {
  const erased = new Set(facts.flatMap(({ mark, subject }) => (mark === '!' ? [subject] : [])))
  const kept = facts.filter(({ mark, subject }) => mark === '!' || !erased.has(subject))
  return [...new Set(kept.map(keyOf))].sort()
}

const heldKeys = (set: FactSet): string[] => [...set.erasures.keys(), ...set.facts.keys()].sort()
const keysOfMap = (set: FactSet): string[] => [...set.map.keys()].sort()

describe('a set', () => {
  test('holds the union of what it was given, whatever the order, the portions and the repetitions', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyFact, { maxLength: 5 }), { maxLength: 12 }), (portions) => {
        const set = emptySet()
        for (const portion of portions) set.insert(portion)
        const backwards = emptySet()
        for (const portion of portions.toReversed()) backwards.insert(portion.toReversed())
        const expected = expectedKeys(portions.flat())
        expect(heldKeys(set)).toEqual(expected)
        expect(keysOfMap(set)).toEqual(expected)
        expect(heldKeys(backwards)).toEqual(expected)
        expect(backwards.digest()).toBe(set.digest())
        expect(set.size).toBe(expected.filter((key) => set.facts.find(idPrefix(key)) === key).length)
      }),
      { numRuns: 500 },
    )
  })

  test('has the digest of the facts that are held, and another for any other facts', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), fc.array(anyFact, { maxLength: 12 }), (a, b) => {
        const areEqual = expectedKeys(a).join() === expectedKeys(b).join()
        expect(setOf(...a).digest() === setOf(...b).digest()).toBe(areEqual)
      }),
      { numRuns: 500 },
    )
  })

  test('tells each fact once, and whose erasure it took in', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyFact, { maxLength: 5 }), { maxLength: 12 }), (portions) => {
        const set = emptySet()
        const told: Change[] = []
        set.onChange((change) => told.push(change))
        for (const portion of portions) set.insert(portion, 'here')
        const added = told.flatMap((change) => change.added.map(keyOf))
        expect(new Set(added).size).toBe(added.length)
        const kept = added.filter((key) => set.holds(key))
        expect(kept.sort()).toEqual(expectedKeys(portions.flat()))
        expect(told.every(({ origin }) => origin === 'here')).toBe(true)
      }),
    )
  })

  test('takes nothing of a call in which one fact does not pass the gate', () => {
    const set = setOf(factOf('ada', 'a'))
    const bad = { mark: '.', subject: 'ada', text: '\ud800' } as const
    expect(() => set.insert([factOf('bob', 'b'), bad])).toThrowError(/half a surrogate/)
    expect(set.size).toBe(1)
    expect(keysOfMap(set)).toHaveLength(1)
  })

  test('deletes what an erasure of very many facts spends in portions, and excludes it at once', () => {
    const waiting: (() => void)[] = []
    const set = emptySet((work) => waiting.push(work))
    const facts = Array.from({ length: 2_500 }, (_, index) => factOf('ada', `fact ${index}`))
    const [first] = set.insert([...facts, factOf('bob', 'stays')])
    set.insert([erasureOf('ada')])
    expect([set.size, set.purging, set.holds(first ?? ''), set.text(first ?? '')]).toEqual([
      1,
      1_500,
      false,
      undefined,
    ])
    expect(set.facts.since(0, 5_000).keys).toHaveLength(1)
    while (waiting.length > 0) waiting.shift()?.()
    expect([set.purging, set.map.size]).toEqual([0, 2])
    expect(set.digest()).toBe(setOf(factOf('bob', 'stays'), erasureOf('ada')).digest())
  })

  test('goes on when a listener throws: the others are told, and the facts are held', () => {
    const errors: unknown[] = []
    const onListenerError = (error: unknown): void => void errors.push(error)
    const set = createFactSet({ doc: new Y.Doc(), root: 'facts', onListenerError })
    const told: Change[] = []
    set.onChange(() => {
      throw new Error('cannot read that')
    })
    set.onChange((change) => told.push(change))
    set.insert([factOf('ada', 'a')])
    expect([set.size, told.length, errors.map(String)]).toEqual([1, 1, ['Error: cannot read that']])
  })

  test('refuses a document that keeps what is deleted, and options that there are not', () => {
    expect(() => createFactSet({ doc: new Y.Doc({ gc: false }), root: 'facts' })).toThrowError(/doc/)
    const misspelt = { doc: new Y.Doc(), rot: 'facts' }
    expect(() => createFactSet(misspelt as never)).toThrowError(/rot/)
  })
})

describe('the map of a set', () => {
  test('merges with another by plain applyUpdate, in either direction and losslessly', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), fc.array(anyFact, { maxLength: 12 }), (a, b) => {
        const [left, right] = [setOf(...a), setOf(...b)]
        Y.applyUpdate(left.doc, Y.encodeStateAsUpdate(right.doc), 'theirs')
        const expected = expectedKeys([...a, ...b])
        expect(heldKeys(left)).toEqual(expected)
        expect(keysOfMap(left)).toEqual(expected)
        Y.applyUpdate(right.doc, Y.encodeStateAsUpdate(left.doc), 'theirs')
        expect(keysOfMap(right)).toEqual(expected)
        expect(right.digest()).toBe(left.digest())
      }),
      { numRuns: 500 },
    )
  })

  test('takes in what an app sets under the right key, and takes out what is no fact', () => {
    const set = setOf(factOf('ada', 'a'))
    const refused: string[] = []
    set.onRefused((_, key) => refused.push(key))
    const good = factOf('bob', 'b')
    set.map.set(keyOf(good), 'b')
    set.map.set(keyOf(factOf('bob', 'c')), 'another text')
    set.map.set('bob/.short', 'c')
    expect(heldKeys(set)).toEqual([keyOf(factOf('ada', 'a')), keyOf(good)].sort())
    expect(refused).toEqual([keyOf(factOf('bob', 'c')), 'bob/.short'])
    expect(keysOfMap(set)).toEqual(heldKeys(set))
  })

  test('is put right when somebody deletes or overwrites what is held', () => {
    const [ada, bob] = [factOf('ada', 'a'), factOf('bob', 'b')]
    const set = setOf(ada, bob)
    const digest = set.digest()
    set.map.delete(keyOf(ada))
    set.map.set(keyOf(bob), 'something else')
    expect([set.text(keyOf(ada)), set.text(keyOf(bob))]).toEqual(['a', 'b'])
    expect(set.digest()).toBe(digest)
  })

  test('takes nothing in for somebody who is erased', () => {
    const set = setOf(erasureOf('ada'))
    set.map.set(keyOf(factOf('ada', 'late')), 'late')
    expect(keysOfMap(set)).toEqual([keyOf(erasureOf('ada'))])
  })

  test('that was filled before is taken in at the start', () => {
    const before = setOf(factOf('ada', 'a'), factOf('bob', 'b'), erasureOf('cleo'))
    before.close()
    expect(createFactSet({ doc: before.doc, root: 'facts' }).digest()).toBe(before.digest())
  })

  test('shows what is inserted within a transaction at once', () => {
    const set = emptySet()
    set.doc.transact(() => {
      const [key = ''] = set.insert([factOf('ada', 'a')])
      expect([set.holds(key), set.of('ada')]).toEqual([true, [key]])
      set.insert([erasureOf('ada')])
      expect(set.holds(key)).toBe(false)
    })
    expect(keysOfMap(set)).toEqual([keyOf(erasureOf('ada'))])
  })
})

const idPrefix = (key: string): Uint8Array => Buffer.from(key.slice(-27), 'base64url').subarray(0, 20)
