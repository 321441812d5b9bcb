import { createHash, randomBytes } from 'node:crypto'
import { frame } from './replica-wire.ts'

/** Facts and messages of docs/protocol.md, by hand: whoever means harm keeps to no library. */
export interface RawFact {
  readonly mark: '.' | '!'
  readonly subject: string
  readonly text: string
}

export const said = (subject: string, text: string): RawFact => ({ mark: '.', subject, text })
export const erased = (subject: string): RawFact => ({ mark: '!', subject, text: 'erased' })

/** Something of a user that readers believe: now, by nobody, after nothing. */
export const saidOfUser = (subject: string, fields: Readonly<Record<string, unknown>>): RawFact => {
  const at = `${Date.now().toString(16).padStart(12, '0')}-0001-9f86d081884c7d65`
  const { kind, ...rest } = fields
  return said(
    subject,
    JSON.stringify({ kind, at, salt: randomBytes(16).toString('base64url'), after: [], ...rest }),
  )
}

export const idOfFact = ({ subject, mark, text }: RawFact): Buffer =>
  createHash('sha256').update(`${subject}/${mark}${text}`).digest().subarray(0, 20)

export const factsBytes = (facts: readonly RawFact[]): Buffer =>
  Buffer.concat(
    facts.flatMap(({ mark, subject, text }) => {
      const content = Buffer.from(text)
      const head = Buffer.from(`${mark}${String.fromCharCode(subject.length)}${subject}`, 'latin1')
      return mark === '!' ? [head] : [head, Buffer.of(content.length >> 8, content.length & 255), content]
    }),
  )

const varuint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varuint(Math.floor(value / 128))]

type Fields = Readonly<Record<number, Uint8Array | number>>

export const message = (number: number, fields: Fields = {}): Uint8Array => {
  const parts = Object.entries(fields).map(([tag, value]) => {
    const bytes = typeof value === 'number' ? Buffer.from(varuint(value)) : value
    return Buffer.concat([Buffer.from([...varuint(Number(tag)), ...varuint(bytes.length)]), bytes])
  })
  return frame(Buffer.concat([Buffer.of(number), ...parts]))
}

export const store = (facts: readonly RawFact[]): Uint8Array => message(1, { 1: factsBytes(facts) })

/** Asks for one fact, by its hash. */
export const fetchOne = (fact: RawFact): Uint8Array => message(4, { 1: 1, 2: 20, 3: idOfFact(fact) })

/** Whether the answer to {@link fetchOne} holds it. */
export const delivers = (answer: Uint8Array, fact: RawFact): boolean =>
  Buffer.from(answer).includes(factsBytes([fact]))

/** The number of a message. */
export const numberOf = (answer: Uint8Array): number | undefined => answer[5]
