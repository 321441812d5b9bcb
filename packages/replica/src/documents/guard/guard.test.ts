import * as encoding from 'lib0/encoding'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { judge, type Policy } from './judge.ts'
import type { Change } from './describe.ts'

const updateOf = (change: (doc: Y.Doc) => void, doc: Y.Doc = new Y.Doc()): Uint8Array => {
  const before = Y.encodeStateVector(doc)
  change(doc)
  return Y.encodeStateAsUpdate(doc, before)
}

const setKey = (key: string, value: unknown, client?: number): Uint8Array =>
  updateOf((doc) => {
    if (client !== undefined) doc.clientID = client
    doc.getMap('map').set(key, value)
  })

const bytes = (...numbers: readonly number[]): Uint8Array =>
  encoding.encode((encoder) => {
    for (const number of numbers) encoding.writeVarUint(encoder, number)
  })

const holding = (...keys: readonly string[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const key of keys) doc.getMap('map').set(key, 1)
  return doc
}

/** What the policy is told of an update. */
const changeOf = (doc: Y.Doc, update: Uint8Array): Change => {
  let seen: Change | undefined
  const outcome = judge(doc, update, (change) => {
    seen = change
    return { verdict: 'accept' }
  })
  if (seen === undefined) throw new Error(`the policy was not asked: ${outcome}`)
  return seen
}

const onlyNew: Policy = ({ deletions, others }) =>
  deletions.length + others > 0 ? { verdict: 'refuse', reason: 'only new entries' } : { verdict: 'accept' }

test('seven bytes that declare 30 million structs are refused before anything is reserved for them', () => {
  const bomb = bytes(1, 30_000_000, 1, 0)
  expect(bomb).toHaveLength(7)
  const before = process.memoryUsage().arrayBuffers
  expect(() => judge(new Y.Doc(), bomb, undefined)).toThrow(/declares 30000000 structs/)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
})

test('an update in V2 encoding is refused', () => {
  const doc = holding('a', 'b')
  expect(() => judge(new Y.Doc(), Y.encodeStateAsUpdateV2(doc), undefined)).toThrow(RefusedUpdateError)
})

test.each([
  ['as a key of a map', setKey('__proto__', 1)],
  ['in a value', setKey('a', JSON.parse('{"deep":{"__proto__":{"admin":true}}}'))],
  ['as the name of a root', updateOf((doc) => void doc.getMap('__proto__').set('a', 1))],
])('__proto__ is refused %s', (_where, update) => {
  expect(() => judge(new Y.Doc(), update, undefined)).toThrow(/__proto__/)
})

test.each([
  ['a list item in a map', 'map', updateOf((doc) => doc.getArray('map').push([1]))],
  ['a keyed item in a list', 'list', updateOf((doc) => void doc.getMap('list').set('a', 1))],
])('%s is refused where the root is known as another kind', (_what, root, update) => {
  const doc = new Y.Doc()
  if (root === 'map') doc.getMap(root)
  else doc.getArray(root)
  expect(() => judge(doc, update, undefined)).toThrow(/another kind/)
})

test('a client id of more than 32 bits is refused, since it would win every conflict', () => {
  expect(() => judge(new Y.Doc(), setKey('a', 1, 2 ** 52), undefined)).toThrow(/client id/)
})

test('the highest client id overwrites nothing that the policy protects', () => {
  const doc = holding('a')
  const forged = setKey('a', 'forged', 0xffff_ffff)
  const { entries, others } = changeOf(doc, forged)
  // It names its key, so the policy can compare it with what is there.
  expect({ entries, others }).toEqual({ entries: [{ root: 'map', key: 'a', value: 'forged' }], others: 0 })
})

test('a nested type, a text and a list are other things than entries', () => {
  for (const update of [
    setKey('a', new Y.Map([['deep', 1]])),
    updateOf((doc) => doc.getText('text').insert(0, 'x')),
    updateOf((doc) => doc.getArray('list').push([1])),
  ]) {
    expect(changeOf(new Y.Doc(), update).others).toBeGreaterThan(0)
    expect(() => judge(new Y.Doc(), update, onlyNew)).toThrow('only new entries')
  }
})

test('an entry that follows another under its key, here or in the update itself, is another thing', () => {
  const doc = holding('a')
  const mirror = new Y.Doc()
  Y.applyUpdate(mirror, Y.encodeStateAsUpdate(doc))
  const replacing = updateOf(() => mirror.getMap('map').set('a', 2), mirror)
  expect(changeOf(doc, replacing)).toMatchObject({ entries: [], others: 1 })
  const twice = updateOf((other) => {
    other.getMap('map').set('b', 1)
    other.getMap('map').set('b', 2)
  })
  expect(changeOf(doc, twice).others).toBeGreaterThan(0)
})

test('a delete set that names everything is told to the policy entry by entry', () => {
  const doc = holding('a', 'b', 'c')
  const everything = bytes(0, 1, doc.clientID, 1, 0, 3)
  expect(everything.length).toBeLessThan(12)
  const keys = changeOf(doc, everything).deletions.map(({ key }) => key)
  expect(keys.sort()).toEqual(['a', 'b', 'c'])
  expect(() => judge(doc, everything, onlyNew)).toThrow('only new entries')
})

test('an entry that arrives deleted is a tombstone, and what is known already is nothing', () => {
  const doc = holding('a')
  doc.getMap('map').delete('a')
  const update = Y.encodeStateAsUpdate(doc)
  expect(changeOf(new Y.Doc(), update)).toMatchObject({ tombstones: [{ root: 'map', key: 'a' }], others: 0 })
  expect(changeOf(doc, update)).toEqual({ entries: [], deletions: [], tombstones: [], others: 0 })
})

test('only what is new of a partly known update is told', () => {
  const doc = holding('a')
  const mirror = new Y.Doc()
  Y.applyUpdate(mirror, Y.encodeStateAsUpdate(doc))
  doc.getMap('map').set('b', 2)
  const { entries } = changeOf(mirror, Y.encodeStateAsUpdate(doc))
  expect(entries).toEqual([{ root: 'map', key: 'b', value: 2 }])
})

test('what builds on something that is missing is a gap, not a pending part of the document', () => {
  const doc = holding('a')
  const later = updateOf(() => doc.getMap('map').set('b', 2), doc)
  expect(judge(new Y.Doc(), later, undefined)).toBe('gap')
  const deletesOfTheUnknown = bytes(0, 1, 7, 1, 0, 3)
  expect(judge(new Y.Doc(), deletesOfTheUnknown, undefined)).toBe('gap')
})

test('an item that claims to stand next to itself is a gap', () => {
  // One author, one struct: an item with the origin 5:0, which is its own id.
  const circle = Uint8Array.of(1, 1, 5, 0, 0x84, 5, 0, 1, 0x78, 0)
  expect(judge(new Y.Doc(), circle, undefined)).toBe('gap')
})

test('a value may be nested so deep and no deeper', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
  expect(judge(new Y.Doc(), setKey('a', nested(limits.depth)), undefined)).toBe('apply')
  expect(() => judge(new Y.Doc(), setKey('a', nested(limits.depth + 1)), undefined)).toThrow(/deeper/)
})

test('thousands of items at one place are refused, since their cost is their square', () => {
  const updates = Array.from({ length: limits.siblings + 1 }, () => setKey('a', 1))
  expect(() => judge(new Y.Doc(), Y.mergeUpdates(updates), undefined)).toThrow(/at one place/)
})

test('an update of 5 MB is refused by its size alone', () => {
  expect(() => judge(new Y.Doc(), new Uint8Array(5_000_000), undefined)).toThrow(/5000000 bytes/)
})

type Edit = (doc: Y.Doc) => void
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(
      fc.string({ maxLength: 4 }),
      // The only key that is refused, wherever it stands in a value.
      fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('"__proto__":')),
    )
    .map(
      ([key, value]): Edit =>
        (doc) =>
          void doc.getMap('map').set(`k${key}`, value),
    ),
  fc.tuple(fc.nat(), fc.string({ minLength: 1, maxLength: 9, unit: 'grapheme' })).map(
    ([at, text]): Edit =>
      (doc) =>
        doc.getText('text').insert(at % (doc.getText('text').length + 1), text),
  ),
  fc.constant<Edit>((doc) => {
    const { length } = doc.getText('text')
    if (length > 0) doc.getText('text').delete(0, Math.ceil(length / 2))
  }),
  fc.constant<Edit>((doc) => doc.getArray('list').push([1, null, 'x', new Uint8Array(3)])),
  fc.constant<Edit>((doc) => void doc.getMap('map').set('nested', new Y.XmlElement('p'))),
)
const history = fc.array(edit, { minLength: 1, maxLength: 12 }).map((edits) => {
  const doc = new Y.Doc()
  for (const perform of edits) perform(doc)
  return Y.encodeStateAsUpdate(doc)
})

test('whatever Yjs writes passes the bounds', () => {
  fc.assert(
    fc.property(history, (update) => {
      expect(judge(new Y.Doc(), update, undefined)).toBe('apply')
    }),
  )
})

/** Judges and applies as the inbox does, and measures it. */
const survive = (update: Uint8Array): { readonly ms: number } => {
  const doc = holding('a')
  const before = performance.now()
  try {
    if (judge(doc, update, undefined) === 'apply') Y.applyUpdate(doc, update)
  } catch (error) {
    if (!(error instanceof RefusedUpdateError)) throw error
  }
  return { ms: performance.now() - before }
}

test('no bytes, random or mutated from a good update, hang the guard or break out of it', () => {
  const mutated = fc
    .tuple(history, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
    .map(([update, flips]) => {
      const copy = update.slice()
      for (const [at, value] of flips) copy[at % copy.length] = value
      return copy
    })
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), (update) => {
      expect(survive(update).ms).toBeLessThan(1_000)
    }),
    { numRuns: 3_000 },
  )
})
