import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * The bytes of docs/protocol.md, written from that page and sharing nothing with the product: what both get wrong in the
 * same way no test would see. Nothing here is checked, as a liar sends what it likes.
 */
export interface RawFact {
  readonly mark: string
  readonly subject: string
  readonly text: string
}

export const plain = (subject: string, text: string): RawFact => ({ mark: '.', subject, text })
export const erasure = (subject: string): RawFact => ({ mark: '!', subject, text: 'erased' })

const digestOf = ({ subject, mark, text }: RawFact): Buffer =>
  createHash('sha256').update(`${subject}/${mark}${text}`).digest()

export const keyOf = (fact: RawFact): string =>
  `${fact.subject}/${fact.mark}${digestOf(fact).toString('base64url').slice(0, 27)}`

/** The first bytes of a fact's hash, at most 20. */
export const idOf = (fact: RawFact, length: number): Buffer => digestOf(fact).subarray(0, length)

export const factBytes = ({ mark, subject, text }: RawFact): Buffer => {
  const name = Buffer.from(subject, 'latin1')
  const head = Buffer.concat([Buffer.from(mark, 'latin1'), Buffer.of(name.length & 255), name])
  if (mark === '!') return head
  const content = Buffer.from(text)
  return Buffer.concat([head, Buffer.of(content.length >> 8, content.length & 255), content])
}

export const factsBytes = (facts: readonly RawFact[]): Buffer => Buffer.concat(facts.map(factBytes))

export const readFacts = (bytes: Buffer): RawFact[] => {
  const facts: RawFact[] = []
  for (let at = 0; at < bytes.length;) {
    const mark = String.fromCharCode(bytes.readUInt8(at))
    const textAt = at + 2 + bytes.readUInt8(at + 1)
    const subject = bytes.toString('latin1', at + 2, textAt)
    const end = mark === '!' ? textAt : textAt + 2 + bytes.readUInt16BE(textAt)
    facts.push(mark === '!' ? erasure(subject) : plain(subject, bytes.toString('utf8', textAt + 2, end)))
    at = end
  }
  return facts
}

export const varuint = (value: number): Buffer => {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

export type FieldValue = number | string | Uint8Array
export type Fields = Readonly<Record<number, FieldValue>>

const fieldBytes = (value: FieldValue): Uint8Array => {
  if (typeof value === 'number') return varuint(value)
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value
}

export const frame = (payload: Uint8Array, version = 1): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt8(version, 0)
  head.writeUInt32BE(crc32(payload), 1)
  return Buffer.concat([head, payload])
}

/** A message: its number, and its fields by tag. */
export const message = (number: number, fields: Fields = {}): Buffer => {
  const parts = Object.entries(fields).flatMap(([tag, value]) => {
    const bytes = fieldBytes(value)
    return [varuint(Number(tag)), varuint(bytes.length), bytes]
  })
  return frame(Buffer.concat([Buffer.of(number), ...parts]))
}

/** A message as it was heard. */
export interface Heard {
  readonly number: number
  readonly fields: ReadonlyMap<number, Buffer>
}

/** Of an honest member; what it sends has the right form. */
export const hear = (bytes: Uint8Array): Heard => {
  const payload = Buffer.from(bytes).subarray(5)
  const fields = new Map<number, Buffer>()
  let at = 1
  const number = (): number => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = payload.readUInt8(at)
      at += 1
      value += (byte & 127) * factor
      factor *= 128
      if (byte < 128) return value
    }
  }
  while (at < payload.length) {
    const tag = number()
    const length = number()
    fields.set(tag, payload.subarray(at, at + length))
    at += length
  }
  return { number: payload.readUInt8(0), fields }
}

export const uint = ({ fields }: Heard, tag: number): number => {
  const bytes = fields.get(tag) ?? Buffer.alloc(0)
  return bytes.reduceRight((value, byte) => value * 128 + (byte & 127), 0)
}

/** Numbers of the messages. */
export const numbers = {
  store: 1,
  compare: 2,
  offer: 3,
  fetch: 4,
  descend: 5,
  stored: 65,
  offers: 67,
  fetched: 68,
  nodes: 69,
  unknown: 127,
} as const
