import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { contentDigest } from '../../index.ts'

type Edit =
  | { readonly kind: 'set'; readonly key: string; readonly value: number }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'nest'; readonly key: string }

const key = fc.constantFrom('a', 'b', 'c')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.nat(9) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(20),
    text: fc.string({ minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(20), length: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('nest' as const), key }),
)

const perform = (doc: Y.Doc, change: Edit): void => {
  const map = doc.getMap('map')
  const text = doc.getText('text')
  switch (change.kind) {
    case 'set':
      return void map.set(change.key, change.value)
    case 'delete':
      return map.delete(change.key)
    case 'insert':
      return text.insert(Math.min(change.at, text.length), change.text)
    case 'cut': {
      const at = Math.min(change.at, text.length)
      return text.delete(at, Math.min(change.length, text.length - at))
    }
    case 'nest':
      return void map.set(change.key, new Y.Map([['deep', 1]]))
  }
}

const digestOf = (doc: Y.Doc): string => {
  const digest = contentDigest(doc)
  digest.close()
  return digest.value()
}

test('the digest of a document does not depend on the order in which updates arrived', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), edit), { maxLength: 30 }), fc.nat(), (edits, seed) => {
      const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()]
      const updates: Uint8Array[] = []
      for (const doc of docs) doc.on('update', (update: Uint8Array) => void updates.push(update))
      for (const [at, change] of edits) {
        const doc = docs[at]
        if (doc !== undefined) perform(doc, change)
      }
      const [one, other] = [new Y.Doc(), new Y.Doc({ gc: false })]
      const incremental = contentDigest(one)
      for (const update of updates) Y.applyUpdate(one, update)
      const shuffled = updates
        .map((update, index) => ({ update, at: (index * 7919 + seed) % 101 }))
        .sort((a, b) => a.at - b.at)
      for (const { update } of shuffled) Y.applyUpdate(other, update)
      expect(incremental.value()).toBe(digestOf(one))
      expect(digestOf(one)).toBe(digestOf(other))
    }),
  )
})

test('a delete changes the digest although it does not move the state vector', () => {
  const doc = new Y.Doc()
  doc.getMap('map').set('a', 1)
  const [before, vector] = [digestOf(doc), Y.encodeStateVector(doc)]
  doc.getMap('map').delete('a')
  expect(Y.encodeStateVector(doc)).toEqual(vector)
  expect(digestOf(doc)).not.toBe(before)
})

test('one client id used twice gives equal state vectors and different digests', () => {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  one.clientID = other.clientID = 7
  one.getMap('map').set('a', 1)
  other.getMap('map').set('a', 2)
  expect(Y.encodeStateVector(one)).toEqual(Y.encodeStateVector(other))
  expect(digestOf(one)).not.toBe(digestOf(other))
})

test.each([
  ['a value', (doc: Y.Doc) => doc.getMap('map').set('a', { name: 'Ada', age: 37 })],
  ['a text in a value', (doc: Y.Doc) => doc.getMap('map').set('a', { name: 'Adb', age: 36 })],
  ['its kind', (doc: Y.Doc) => doc.getMap('map').set('a', { name: 'Ada', age: '36' })],
  ['a field', (doc: Y.Doc) => doc.getMap('map').set('a', { nama: 'Ada', age: 36 })],
  ['where fields end', (doc: Y.Doc) => doc.getMap('map').set('a', { nameA: 'da', age: 36 })],
  ['letters beyond Latin', (doc: Y.Doc) => doc.getMap('map').set('a', { name: 'Адa', age: 36 })],
  ['the key', (doc: Y.Doc) => doc.getMap('map').set('b', { name: 'Ada', age: 36 })],
  ['the root', (doc: Y.Doc) => doc.getMap('mao').set('a', { name: 'Ada', age: 36 })],
])('%s changes the digest', (_what, change) => {
  const [one, other] = [new Y.Doc(), new Y.Doc()]
  one.clientID = other.clientID = 7
  one.getMap('map').set('a', { name: 'Ada', age: 36 })
  change(other)
  expect(digestOf(one)).not.toBe(digestOf(other))
})

test('whatever value a document holds, who gets it in an update has the same digest', () => {
  const value = fc.oneof(
    fc.anything({ withBigInt: true, withTypedArray: false, withNullPrototype: true, withDate: true }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    // Halves of pairs of surrogates.
    fc.array(fc.integer({ min: 0xd700, max: 0xe100 })).map((codes) => String.fromCharCode(...codes)),
  )
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      const [one, other] = [new Y.Doc(), new Y.Doc()]
      one.getArray('list').push([{ values }])
      Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
      expect(digestOf(other)).toBe(digestOf(one))
    }),
  )
})
