import { limits } from '../../limits.ts'
import { MalformedMessageError } from '../../errors.ts'
import { mostAccusers, type Statement } from './statement.ts'
import type { Member, MemberState } from './member.ts'
import type { Versions } from './versions.ts'

/** What members say to each other on a link. Every message may carry statements (SWIM's piggybacking). */
export type Message =
  /** First on every link, and to a random member now and then: the sender, and the digest of its roster. */
  | {
      readonly type: 'hello'
      readonly digest: string
      readonly statements: readonly Statement[]
    }
  | { readonly type: 'gossip'; readonly statements: readonly Statement[] }
  /** Answer me with an ack of the same number. */
  | { readonly type: 'ping'; readonly seq: number; readonly statements: readonly Statement[] }
  | {
      readonly type: 'ack'
      readonly seq: number
      /** The sender's wall clock, in milliseconds since 1970. */
      readonly clock?: number
      readonly statements: readonly Statement[]
    }
  /** Ping the target for me and hand me its ack, or a nack if it does not answer or is not linked to you. */
  | {
      readonly type: 'ping-req'
      readonly seq: number
      readonly target: string
      readonly statements: readonly Statement[]
    }
  /** The target does not answer me either; I am alive. */
  | { readonly type: 'nack'; readonly seq: number; readonly statements: readonly Statement[] }
  /** One of a later version: ignored, and counted. */
  | { readonly type: 'unknown'; readonly statements: readonly Statement[] }

/** On the wire statements are `claims`, as they are since version 1. */
export const encodeMessage = ({ statements, ...message }: Message): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ ...message, claims: statements }))

/** @throws MalformedMessageError for anything that is not a well-formed message within the limits. */
export const decodeMessage = (bytes: Uint8Array): Message => {
  const raw = record(parse(bytes), 'message')
  if (!known.has(raw['type'])) return { type: 'unknown', statements: [] }
  const statements = list(raw['claims'], limits.members, 'claims').flatMap(decodeStatement)
  switch (raw['type']) {
    case 'hello':
      return { type: 'hello', digest: text(raw['digest'], 64, 'digest'), statements }
    case 'gossip':
      return { type: 'gossip', statements }
    case 'ack':
      return { type: 'ack', seq: count(raw['seq'], 'seq'), statements, ...decodeClock(raw['clock']) }
    case 'ping':
    case 'nack':
      return { type: raw['type'], seq: count(raw['seq'], 'seq'), statements }
    case 'ping-req':
      return {
        type: 'ping-req',
        seq: count(raw['seq'], 'seq'),
        target: text(raw['target'], 128, 'target'),
        statements,
      }
    default:
      throw new MalformedMessageError('a message without a type')
  }
}

const known = new Set<unknown>(['hello', 'gossip', 'ping', 'ack', 'ping-req', 'nack'])

const decodeClock = (value: unknown): { readonly clock?: number } =>
  typeof value === 'number' && Math.abs(value) <= mostMilliseconds ? { clock: value } : {}

/** The end of time for a Date. */
const mostMilliseconds = 8_640_000_000_000_000

/** Of a member in a state that only a later version knows nothing is taken. */
const decodeStatement = (value: unknown): readonly Statement[] => {
  const raw = record(value, 'claim')
  if (typeof raw['state'] === 'string' && !states.has(raw['state'])) return []
  const member = decodeMember(raw)
  const proof = raw['proof'] === undefined ? {} : { proof: text(raw['proof'], 128, 'proof') }
  const accusers = member.state === 'suspect' ? { accusers: decodeAccusers(raw['accusers'] ?? []) } : {}
  return [{ ...member, ...accusers, ...proof }]
}

const states = new Set<unknown>(['alive', 'suspect', 'down', 'left'])

const decodeAccusers = (value: unknown): string[] =>
  list(value, mostAccusers, 'accusers').map((id) => text(id, 128, 'accuser'))

/** @throws MalformedMessageError */
export const decodeMember = (value: unknown): Member => {
  const raw = record(value, 'member')
  return {
    id: text(raw['id'], 128, 'id'),
    name: text(raw['name'], limits.name, 'name'),
    incarnation: incarnation(raw['incarnation']),
    addresses: list(raw['addresses'], limits.addresses, 'addresses').map((address) =>
      text(address, limits.addressLength, 'address'),
    ),
    metadata: decodeMetadata(raw['metadata']),
    state: decodeState(raw['state']),
    ...decodeVersions(raw['speaks']),
  }
}

/** Far below what a number can hold: the member must be able to go beyond, for as long as there are clocks. */
const incarnation = (value: unknown): number => {
  const number = count(value, 'incarnation')
  if (number > limits.incarnation)
    throw new MalformedMessageError(`incarnation is ${number}; allowed: up to ${limits.incarnation}`)
  return number
}

const decodeMetadata = (value: unknown): Record<string, string> => {
  const entries = Object.entries(record(value, 'metadata'))
  if (entries.length > limits.metadata)
    throw new MalformedMessageError(`metadata has ${entries.length} entries`)
  return Object.fromEntries(
    entries.map(([key, entry]) => [
      text(key, limits.metadataKey, 'metadata key'),
      text(entry, limits.metadataValue, 'metadata value'),
    ]),
  )
}

/** What is not understood of it is as if it were not told. */
const decodeVersions = (value: unknown): { readonly speaks?: Versions } => {
  if (value === undefined) return {}
  const raw = record(value, 'speaks')
  const [lowest, highest] = list(raw['protocols'], 2, 'protocols').map((one) => count(one, 'protocol'))
  const gates = list(raw['gates'], limits.gates, 'gates').map((one) => count(one, 'gate'))
  const features = list(raw['features'], limits.features, 'features').map((one) =>
    text(one, limits.featureLength, 'feature'),
  )
  const protocols = [lowest ?? 1, highest ?? lowest ?? 1] as const
  return { speaks: { protocols, gates, features, ...decodeFinalised(raw['finalised'], protocols[1]) } }
}

const decodeFinalised = (value: unknown, highest: number): { readonly finalised?: number } =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 1 && value <= highest
    ? { finalised: value }
    : {}

const decodeState = (value: unknown): MemberState => {
  if (value === 'alive' || value === 'suspect' || value === 'down' || value === 'left') return value
  throw new MalformedMessageError('state is none of alive, suspect, down, left')
}

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new MalformedMessageError('not JSON in UTF-8', { cause })
  }
}

const record = (value: unknown, what: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedMessageError(`${what} is not an object`)
  }
  return { ...value }
}

const list = (value: unknown, most: number, what: string): readonly unknown[] => {
  if (!Array.isArray(value) || value.length > most) {
    throw new MalformedMessageError(`${what} is not a list of at most ${most}`)
  }
  return value
}

const text = (value: unknown, most: number, what: string): string => {
  if (typeof value !== 'string' || value.length === 0 || value.length > most) {
    throw new MalformedMessageError(`${what} is not a text of 1 to ${most} characters`)
  }
  return value
}

const count = (value: unknown, what: string): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new MalformedMessageError(`${what} is not a whole number from 0`)
  }
  return value
}
