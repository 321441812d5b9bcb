import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/**
 * 128 bits of one unit of content: its id, its place and its value. MurmurHash3 (x86, 128 bits): it tells
 * accidents apart as well as a cryptographic hash, in a fraction of the time, and is no proof against who searches
 * for collisions.
 */
export type UnitHash = (item: Y.Item, clock: number) => Int32Array

/** What is hashed, as it is collected; grows to the largest unit and stays. */
let words = new Int32Array(1_024)
let count = 0

/** @returns four lanes, the same array each time */
export const unitHash: UnitHash = (item, clock) => {
  count = 0
  addNumber(item.id.client)
  addNumber(clock)
  addPlace(item)
  addUnit(item.content, clock - item.id.clock)
  return murmur()
}

/** Of how far an author has come. @returns as `unitHash` */
export const clockHash = (client: number, clock: number): Int32Array => {
  count = 0
  addNumber(client)
  addNumber(clock)
  return murmur()
}

/** Of the place alone; for units that are too small for a hash of their own. @returns as `unitHash` */
export const placeHash = (item: Y.Item): Int32Array => {
  count = 0
  addNumber(item.id.client)
  addPlace(item)
  return murmur()
}

const addPlace = ({ parent, parentSub }: Y.Item): void => {
  addWord(parentSub === null ? 0 : 1)
  if (parentSub !== null) addText(parentSub)
  if (!(parent instanceof Y.AbstractType)) return
  const { _item: owner } = parent
  if (owner === null) return addText(Y.findRootTypeKey(parent))
  addNumber(owner.id.client)
  addNumber(owner.id.clock)
}

/** Values may be stored in one run or in many; each is hashed on its own. */
const addUnit = (content: Y.Item['content'], offset: number): void => {
  addWord(content.getRef())
  if (content instanceof Y.ContentAny) addValue(content.arr[offset])
  else if (content instanceof Y.ContentJSON) addText(JSON.stringify(content.arr[offset]) ?? '')
  else addBytes(encoded(content))
}

const encoded = (content: Y.Item['content']): Uint8Array => {
  const encoder = new Y.UpdateEncoderV1()
  content.write(encoder, 0)
  return encoding.toUint8Array(encoder.restEncoder)
}

/** Equal for what is equal once it has been sent: what no update can carry counts as `undefined`. */
const addValue = (value: unknown): void => {
  if (typeof value === 'string') return addTagged('s', value)
  if (typeof value === 'number') {
    addWord(tag('n'))
    return addNumber(value)
  }
  if (typeof value === 'bigint') return addTagged('i', String(BigInt.asIntN(64, value)))
  if (typeof value === 'boolean') return addWord(tag(value ? 't' : 'f'))
  if (value === null) return addWord(tag('0'))
  if (typeof value === 'object') return addObject(value)
  addWord(tag('u'))
}

const addObject = (value: object): void => {
  if (Array.isArray(value)) {
    addWord(tag('a'))
    addNumber(value.length)
    for (let at = 0; at < value.length; at += 1) addValue(value[at])
  } else if (value instanceof Uint8Array) {
    addWord(tag('b'))
    addBytes(value)
  } else {
    addWord(tag('o'))
    for (const key of Object.keys(value)) {
      addTagged('k', key)
      addValue(Reflect.get(value, key))
    }
    addWord(tag('e'))
  }
}

const tag = (letter: string): number => letter.charCodeAt(0)

const addTagged = (letter: string, text: string): void => {
  addWord(tag(letter))
  addText(text)
}

const reserve = (more: number): void => {
  if (count + more <= words.length) return
  const larger = new Int32Array(2 * (count + more))
  larger.set(words)
  words = larger
}

const addWord = (word: number): void => {
  reserve(1)
  words[count] = word
  count += 1
}

const float = new DataView(new ArrayBuffer(8))

const addNumber = (value: number): void => {
  // Without this, a NaN has many forms.
  float.setFloat64(0, Number.isNaN(value) ? Number.NaN : value)
  addWord(float.getInt32(0))
  addWord(float.getInt32(4))
}

const addBytes = (bytes: Uint8Array): void => {
  addNumber(bytes.length)
  for (const byte of bytes) addWord(byte)
}

/** Four characters to a word where all are below U+0100, else two. */
const addText = (text: string): void => {
  reserve(text.length + 2)
  const from = count
  addWord(2 * text.length)
  if (addNarrow(text) < 0x100) return
  // An update carries half a pair of surrogates as U+FFFD.
  const sent = halves.test(text) ? text.replaceAll(allHalves, '\uFFFD') : text
  count = from
  addWord(2 * sent.length + 1)
  addWide(sent)
}

/** @returns the bits that any character has */
const addNarrow = (text: string): number => {
  const { length } = text
  let bits = 0
  let at = 0
  for (; at + 4 <= length; at += 4) {
    const [a, b] = [text.charCodeAt(at), text.charCodeAt(at + 1)]
    const [c, d] = [text.charCodeAt(at + 2), text.charCodeAt(at + 3)]
    bits |= a | b | c | d
    words[count] = a | (b << 8) | (c << 16) | (d << 24)
    count += 1
  }
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at)
    bits |= code
    words[count] = code
    count += 1
  }
  return bits
}

const addWide = (text: string): void => {
  for (let at = 0; at < text.length; at += 2) {
    const second = at + 1 < text.length ? text.charCodeAt(at + 1) : 0
    words[count] = text.charCodeAt(at) | (second << 16)
    count += 1
  }
}

const halves = /\p{Surrogate}/u
const allHalves = /\p{Surrogate}/gu

const lanes = new Int32Array(4)
const [c1, c2, c3, c4] = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93]

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by))

/** Public domain, by Austin Appleby. Of all words that were added; the last block is filled up with zeros. */
const murmur = (): Int32Array => {
  const length = count
  for (let fill = 0; fill < 3; fill += 1) addWord(0)
  let [h1, h2, h3, h4] = [0, 0, 0, 0]
  for (let at = 0; at < length; at += 4) {
    h1 ^= Math.imul(rotate(Math.imul(words[at] ?? 0, c1), 15), c2)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(words[at + 1] ?? 0, c2), 16), c3)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(words[at + 2] ?? 0, c3), 17), c4)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(words[at + 3] ?? 0, c4), 18), c1)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  const sum = (): void => {
    h1 = (h1 + h2 + h3 + h4) | 0
    h2 = (h2 + h1) | 0
    h3 = (h3 + h1) | 0
    h4 = (h4 + h1) | 0
  }
  h1 ^= length
  h2 ^= length
  h3 ^= length
  h4 ^= length
  sum()
  h1 = mix(h1)
  h2 = mix(h2)
  h3 = mix(h3)
  h4 = mix(h4)
  sum()
  lanes[0] = h1
  lanes[1] = h2
  lanes[2] = h3
  lanes[3] = h4
  return lanes
}

/** The finaliser: each bit of the value changes each of the result. */
export const mix = (value: number): number => {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
