import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { systemClock } from '@grapevine/std'
import { contentDigest } from '../../index.ts'
import { judge } from '../guard/judge.ts'
import { nextDeletes, type DeletesPosition } from './delete-slice.ts'
import { nextSlice } from './slice.ts'
import { vectorOf } from './vector.ts'
import { updatesSince } from './difference.ts'

const digestOf = (doc: Y.Doc): string => {
  const digest = contentDigest(doc)
  digest.close()
  return digest.value()
}

/** As an exchange does; each slice must be whole in itself. @returns how many slices it took */
const copyInSlices = (from: Y.Doc, to: Y.Doc, budget: number): number => {
  let count = 0
  const take = (update: Uint8Array): void => {
    expect(judge(to, update, undefined)).toBe('apply')
    Y.applyUpdate(to, update)
    count += 1
  }
  for (let last = false; !last;) {
    const slice = nextSlice(from, vectorOf(to), budget)
    take(slice.update)
    last = slice.last
  }
  let position: DeletesPosition | undefined
  do {
    const { update, next } = nextDeletes(from, position, budget)
    take(update)
    position = next
  } while (position !== undefined)
  return count
}

/** Edits by three authors who hear of each other now and then. */
const histories = fc.array(
  fc.record({ author: fc.nat(2), kind: fc.nat(4), at: fc.nat(100), hears: fc.option(fc.nat(2)) }),
  { maxLength: 40 },
)

test('slices of any size build only on what was sent before, and are the whole in the end', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 200 }), (edits, budget) => {
      const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()] as const
      for (const { author, kind, at, hears } of edits) {
        const doc = docs[author]
        if (doc === undefined) continue
        const text = doc.getText('text')
        if (kind === 0) doc.getMap('map').set(`key ${at % 3}`, at)
        else if (kind === 1) doc.getMap('map').delete(`key ${at % 3}`)
        else if (kind === 2) doc.getMap('map').set('deep', new Y.Map([[`key ${at}`, at]]))
        else if (kind === 3) text.insert(at % (text.length + 1), 'text')
        else if (text.length > 2) text.delete(at % (text.length - 1), 1)
        const other = docs[hears ?? author]
        if (other !== undefined) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc))
      }
      for (const doc of docs) Y.applyUpdate(docs[0], Y.encodeStateAsUpdate(doc))
      const copy = new Y.Doc()
      copyInSlices(docs[0], copy, budget)
      expect(digestOf(copy)).toBe(digestOf(docs[0]))
    }),
  )
})

test('a text that is one long struct goes in parts, and no character pair is torn', () => {
  const doc = new Y.Doc()
  doc.getText('text').insert(0, 'x')
  doc.getText('text').insert(1, '😀'.repeat(200_000))
  const copy = new Y.Doc()
  expect(copyInSlices(doc, copy, 65_536)).toBeGreaterThan(5)
  expect(copy.getText('text').toJSON()).toBe(doc.getText('text').toJSON())
})

test('a snapshot that is taken while the document changes holds all that was there at its beginning', async () => {
  const doc = new Y.Doc()
  for (let key = 0; key < 5_000; key += 1) doc.getMap('map').set(`key ${key}`, 'x'.repeat(50))
  const updates: Uint8Array[] = []
  for await (const update of updatesSince(doc, new Map(), systemClock)) {
    updates.push(update)
    doc.getMap('map').delete(`key ${updates.length}`)
    doc.getMap('map').set(`new ${updates.length}`, 1)
  }
  const copy = new Y.Doc()
  for (const update of updates) {
    expect(judge(copy, update, undefined)).toBe('apply')
    Y.applyUpdate(copy, update)
  }
  const untouched = Array.from({ length: 4_900 }, (_, key) => `key ${key + 100}`)
  expect(untouched.every((key) => copy.getMap('map').has(key))).toBe(true)
})
