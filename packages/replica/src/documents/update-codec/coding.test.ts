import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RecordingDecoder, ReplayingDecoder, UpdateDecoder } from './decoder.ts'
import { UpdateEncoder } from './encoder.ts'

/** Whatever an update can carry; texts of all lengths around the bounds at which they are treated apart. */
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ maxLength: 20, unit: 'binary' }),
  fc.nat(2_100).map((length) => 'long'.repeat(600).slice(0, length)),
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(null, undefined, true, false),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(text, tie('value'), { maxKeys: 7, noNullPrototype: true }),
  ),
}))

test('values and texts are encoded byte for byte as Yjs does it', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(text, { maxLength: 6 }), (values, texts) => {
      const [ours, theirs] = [new UpdateEncoder(), new Y.UpdateEncoderV1()]
      for (const encoder of [ours, theirs]) {
        for (const each of values) encoder.writeAny(each)
        for (const each of texts) encoder.writeString(each)
      }
      expect(encoding.toUint8Array(ours.restEncoder)).toEqual(encoding.toUint8Array(theirs.restEncoder))
    }),
  )
})

test('values and texts are decoded as Yjs does it, fields in the same order', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.array(text, { maxLength: 6 }), (values, texts) => {
      const encoder = new Y.UpdateEncoderV1()
      for (const each of values) encoder.writeAny(each)
      for (const each of texts) encoder.writeString(each)
      const bytes = encoding.toUint8Array(encoder.restEncoder)
      const read = (Decoder: typeof Y.UpdateDecoderV1): unknown[] => {
        const decoder = new Decoder(decoding.createDecoder(bytes))
        return [...values.map(() => decoder.readAny()), ...texts.map(() => decoder.readString())]
      }
      const [ours, theirs] = [read(UpdateDecoder), read(Y.UpdateDecoderV1)]
      expect(ours).toEqual(theirs)
      expect(fieldsOf(ours)).toEqual(fieldsOf(theirs))
    }),
  )
})

/** All names of fields as they come; equality does not look at their order, and the digest does. */
const fieldsOf = (each: unknown): string[] => {
  if (typeof each !== 'object' || each === null || each instanceof Uint8Array) return []
  return Object.entries(each).flatMap(([name, inner]) => [name, ...fieldsOf(inner)])
}

test('two objects of one shape share nothing', () => {
  const decode = (bytes: Uint8Array): unknown => new UpdateDecoder(decoding.createDecoder(bytes)).readAny()
  const encode = (object: unknown): Uint8Array => {
    const encoder = new UpdateEncoder()
    encoder.writeAny(object)
    return encoding.toUint8Array(encoder.restEncoder)
  }
  const [one, other] = [decode(encode({ a: 1, b: 'x' })), decode(encode({ a: 'y', b: [2] }))]
  Object.assign(Object(one), { a: 7 })
  expect([one, other, decode(encode({ a: null, b: 0 }))]).toEqual([
    { a: 7, b: 'x' },
    { a: 'y', b: [2] },
    { a: null, b: 0 },
  ])
})

test.each([
  ['a text longer than what is left', [119, 200, 1, 97]],
  ['an object of which the end is missing', [118, 2, 1, 97, 125, 1]],
  ['a text that is no UTF-8', [119, 2, 0xc3, 0x28]],
])('what Yjs refuses is refused: %s', (_what, bytes) => {
  const read = (Decoder: typeof Y.UpdateDecoderV1): unknown =>
    new Decoder(decoding.createDecoder(Uint8Array.from(bytes))).readAny()
  expect(() => read(Y.UpdateDecoderV1)).toThrow(Error)
  expect(() => read(UpdateDecoder)).toThrow(Error)
})

const documentOf = (values: readonly unknown[]): Uint8Array => {
  const doc = new Y.Doc()
  for (const [index, each] of values.entries()) {
    doc.getMap('map').set(`${index % 3}`, each)
    doc.getArray('list').push([[each], { each }])
    doc.getText('text').insert(0, `${index}`)
  }
  return Y.encodeStateAsUpdate(doc)
}

test('an update that was judged is applied as Yjs applies it, whatever was judged in between', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), fc.boolean(), (values, isLast) => {
      const update = documentOf(values)
      Y.decodeUpdateV2(update, RecordingDecoder)
      if (!isLast) Y.decodeUpdateV2(documentOf([...values, 'another']), RecordingDecoder)
      const [ours, theirs] = [new Y.Doc(), new Y.Doc()]
      Y.applyUpdateV2(ours, update, null, ReplayingDecoder)
      Y.applyUpdate(theirs, update)
      expect(ours.getMap('map').toJSON()).toEqual(theirs.getMap('map').toJSON())
      expect(Y.encodeStateAsUpdate(ours)).toEqual(Y.encodeStateAsUpdate(theirs))
    }),
  )
})

test('an update that was judged is applied with the values that were judged', () => {
  const update = documentOf([{ a: 1 }])
  const { structs } = Y.decodeUpdateV2(update, RecordingDecoder)
  const doc = new Y.Doc()
  Y.applyUpdateV2(doc, update, null, ReplayingDecoder)
  const values = structs.flatMap((struct): unknown[] =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentAny ? struct.content.arr : [],
  )
  expect(values).toContain(doc.getMap('map').get('0'))
})
