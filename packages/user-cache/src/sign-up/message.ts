/**
 * What members say to each other about claims of names, as JSON: `docs/protocol.md`. Fields that are not known are skipped, so
 * that a later version can say more.
 */
import { isRecord, parseJson } from '@grapevine/std'
import { isStamp } from '../clock/stamp.ts'
import { maxTypedUnits } from '../names/username.ts'
import type { Confirmation, RankedClaim } from './round.ts'

export const claimsProtocol = 'claims/1'

export interface Question {
  readonly username: string
  /** Of the claim that is to be confirmed; empty: who claims the name, and is it answered? */
  readonly key: string
  /** The member that it is for, if it is to be passed on. */
  readonly to?: string
}

export type Answer =
  | ({
      readonly kind: 'confirmed'
      /** Those of the rivals that the member has yet to answer itself. */
      readonly pending: readonly string[]
    } & Confirmation)
  /** The claim has not come yet, or is not on the disk yet. */
  | { readonly kind: 'absent' }
  /** Not passed on: there is no link to whom it is for. */
  | { readonly kind: 'unlinked' }
  /** Passed on, to a member of the version before, which knows nothing of claims. */
  | { readonly kind: 'unaware' }

/** Rivals in one answer. There are hardly ever two; the earliest decide. */
export const maxRivals = 32
const maxBytes = 16_384

const keyPattern = /^[A-Za-z0-9_-]{1,64}\/\.[A-Za-z0-9_-]{27}$/
const memberPattern = /^[\x21-\x7e]{1,128}$/

export const encode = (message: Question | Answer): Uint8Array => Buffer.from(JSON.stringify(message))

/** `undefined` for what no member of this version says. */
export const decodeQuestion = (bytes: Uint8Array): Question | undefined => {
  const [username, key, to] = fieldsOf(bytes, 'username', 'key', 'to')
  if (typeof username !== 'string' || username.length > maxTypedUnits) return undefined
  if (key !== '' && !isKey(key)) return undefined
  if (to === undefined) return { username, key }
  return typeof to === 'string' && memberPattern.test(to) ? { username, key, to } : undefined
}

/** `undefined` for what no member of this version says. */
export const decodeAnswer = (bytes: Uint8Array): Answer | undefined => {
  const [kind, rivals, granted, pending] = fieldsOf(bytes, 'kind', 'rivals', 'granted', 'pending')
  if (kind === 'absent' || kind === 'unlinked' || kind === 'unaware') return { kind }
  if (kind !== 'confirmed' || !isListOf(rivals, isRanked)) return undefined
  if (!isListOf(granted, isKey) || !isListOf(pending, isKey)) return undefined
  return { kind, rivals: rivals.map(({ key, at }) => ({ key, at })), granted, pending }
}

const fieldsOf = (bytes: Uint8Array, ...names: readonly string[]): readonly unknown[] => {
  const value = parse(bytes)
  if (!isRecord(value)) return []
  return names.map((name): unknown => (Object.hasOwn(value, name) ? value[name] : undefined))
}

const parse = (bytes: Uint8Array): unknown =>
  bytes.length > maxBytes ? undefined : parseJson(Buffer.from(bytes).toString())

export const isKey = (value: unknown): value is string => typeof value === 'string' && keyPattern.test(value)

const isRanked = (value: unknown): value is RankedClaim =>
  isRecord(value) && isKey(value['key']) && isStamp(value['at'])

const isListOf = <T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] =>
  Array.isArray(value) && value.length <= maxRivals && value.every(isOne)
