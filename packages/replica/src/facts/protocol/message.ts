import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { RefusedUpdateError } from '../../errors.ts'
import { isOfOtherVersion, openFrame, sealFrame } from '../../shared/frame.ts'
import { bounds } from './bounds.ts'

/**
 * What two members say to each other about a set of facts, as docs/protocol.md has it. `half`: 0 the erasures, 1 all else.
 */
export type Message =
  /** Take these over, and answer when you hold them. */
  | { readonly type: 'store'; readonly facts: Uint8Array }
  /** How do we compare, and how far have I read what you took in? Answered in kind. */
  | {
      readonly type: 'compare'
      readonly erasures: Uint8Array
      readonly facts: Uint8Array
      readonly epoch: string
      readonly erasuresPosition: number
      readonly factsPosition: number
      readonly cursorEpoch: string
      readonly cursorErasures: number
      readonly cursorFacts: number
    }
  /** What have you taken in after this position? */
  | {
      readonly type: 'offer'
      readonly half: number
      readonly epoch: string
      readonly after: number
      readonly most: number
    }
  /** Send me these, each named by the first bytes of its hash. */
  | { readonly type: 'fetch'; readonly half: number; readonly idLength: number; readonly ids: Uint8Array }
  /** What lies below these paths of your tree? Hex digits, with commas between the paths. */
  | { readonly type: 'descend'; readonly half: number; readonly paths: string }
  /** They are held here and on this disk, or their subject is erased: these erasures are why. */
  | { readonly type: 'stored'; readonly erasures: Uint8Array }
  /** Eight bytes of the hash of each, and the position they lead to; or the epoch is not that of this process. */
  | { readonly type: 'offers'; readonly ids: Uint8Array; readonly position: number; readonly isStale: number }
  /** One for each that was asked for, in order, as far as there is room: itself, or the erasure of its subject. */
  | { readonly type: 'fetched'; readonly facts: Uint8Array; readonly isAbsent: number }
  /** See `node-list.ts`. */
  | { readonly type: 'nodes'; readonly nodes: Uint8Array }
  /** That question is not known here. */
  | { readonly type: 'unknown'; readonly asked: number }

export type MessageType = Message['type']
export type MessageOf<T extends MessageType> = Extract<Message, { readonly type: T }>

type Kind = 'uint' | 'text' | 'bytes'
type Field = readonly [name: string, tag: number, kind: Kind]
interface Schema {
  readonly number: number
  readonly fields: readonly Field[]
}

/**
 * A message is its number and its fields; a field is a tag, a length and as many bytes. So whoever knows less skips what
 * it does not know: an unknown field is left out and a missing one is zero or empty, in every version to come.
 */
const schemas: Readonly<Record<MessageType, Schema>> = {
  store: { number: 1, fields: [['facts', 1, 'bytes']] },
  compare: {
    number: 2,
    fields: [
      ['erasures', 1, 'bytes'],
      ['facts', 2, 'bytes'],
      ['epoch', 3, 'text'],
      ['erasuresPosition', 4, 'uint'],
      ['factsPosition', 5, 'uint'],
      ['cursorEpoch', 6, 'text'],
      ['cursorErasures', 7, 'uint'],
      ['cursorFacts', 8, 'uint'],
    ],
  },
  offer: {
    number: 3,
    fields: [
      ['half', 1, 'uint'],
      ['epoch', 2, 'text'],
      ['after', 3, 'uint'],
      ['most', 4, 'uint'],
    ],
  },
  fetch: {
    number: 4,
    fields: [
      ['half', 1, 'uint'],
      ['idLength', 2, 'uint'],
      ['ids', 3, 'bytes'],
    ],
  },
  descend: {
    number: 5,
    fields: [
      ['half', 1, 'uint'],
      ['paths', 2, 'text'],
    ],
  },
  stored: { number: 65, fields: [['erasures', 1, 'bytes']] },
  offers: {
    number: 67,
    fields: [
      ['ids', 1, 'bytes'],
      ['position', 2, 'uint'],
      ['isStale', 3, 'uint'],
    ],
  },
  fetched: {
    number: 68,
    fields: [
      ['facts', 1, 'bytes'],
      ['isAbsent', 2, 'uint'],
    ],
  },
  nodes: { number: 69, fields: [['nodes', 1, 'bytes']] },
  unknown: { number: 127, fields: [['asked', 1, 'uint']] },
}

const isMessageType = (name: string): name is MessageType => Object.hasOwn(schemas, name)

const typeOf: ReadonlyMap<number, MessageType> = new Map(
  Object.keys(schemas)
    .filter(isMessageType)
    .map((type) => [schemas[type].number, type]),
)

export const encodeMessage = (message: Message): Uint8Array => {
  const encoder = encoding.createEncoder()
  const { number, fields } = schemas[message.type]
  encoding.writeUint8(encoder, number)
  for (const [name, tag, kind] of fields) {
    const value = encodeField(kind, Reflect.get(message, name))
    if (value.length === 0) continue
    encoding.writeVarUint(encoder, tag)
    encoding.writeVarUint8Array(encoder, value)
  }
  return sealFrame(encoding.toUint8Array(encoder))
}

const encodeField = (kind: Kind, value: unknown): Uint8Array => {
  if (kind === 'bytes') return value instanceof Uint8Array ? value : nothing
  if (kind === 'text') return Buffer.from(String(value), 'latin1')
  const encoder = encoding.createEncoder()
  if (Number(value) > 0) encoding.writeVarUint(encoder, Number(value))
  return encoding.toUint8Array(encoder)
}

const nothing = new Uint8Array()

/**
 * @returns a message that this version does not know as `unknown`
 * @throws RefusedUpdateError for anything that is no message
 */
export const decodeMessage = (frame: Uint8Array): Message => {
  if (isOfOtherVersion(frame)) return { type: 'unknown', asked: 0 }
  const decoder = decoding.createDecoder(openFrame(frame))
  try {
    if (!decoding.hasContent(decoder)) throw new RangeError('no number')
    const number = decoding.readUint8(decoder)
    const type = typeOf.get(number)
    if (type === undefined) return { type: 'unknown', asked: number }
    const given = readFields(decoder)
    const values = schemas[type].fields.map(([name, tag, kind]) => [
      name,
      decodeField(kind, given.get(tag) ?? nothing),
    ])
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field was decoded as its schema has it
    return { type, ...Object.fromEntries(values) } as Message
  } catch (cause) {
    throw new RefusedUpdateError('not a message of the protocol of facts', { cause })
  }
}

/** A decoder that runs past the end throws; so a forged length costs no more than the bytes received. */
const readFields = (decoder: decoding.Decoder): Map<number, Uint8Array> => {
  const given = new Map<number, Uint8Array>()
  for (let count = 0; decoding.hasContent(decoder); count += 1) {
    if (count >= bounds.fields) throw new RangeError(`more than ${bounds.fields} fields`)
    const tag = decoding.readVarUint(decoder)
    given.set(tag, decoding.readVarUint8Array(decoder))
  }
  return given
}

const decodeField = (kind: Kind, value: Uint8Array): Uint8Array | string | number => {
  if (kind === 'bytes') return value
  if (kind === 'text') return Buffer.from(value).toString('latin1')
  return value.length === 0 ? 0 : decoding.readVarUint(decoding.createDecoder(value))
}
