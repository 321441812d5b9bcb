/**
 * Reading: what a fact means, as far as this version understands and believes it. Whatever it does not is held all the
 * same, and passed on; to read it is for a later version, so that nothing here may depend on more than the text.
 */
import { parseJson } from '@grapevine/std'
import { isStamp } from '../clock/stamp.ts'
import { isPlainObject, own } from '../flat.ts'
import { checkUsername } from '../names/username.ts'
import { maxNamed, type Fact, type FactKind } from './fact.ts'
import { isId } from './id.ts'
import { isPasswordHash } from './password-hash.ts'

/** Why a fact is held and not read. */
export type UnreadReason =
  /** It is no JSON object. */
  | 'noObject'
  /** It is not said of the id of a user. */
  | 'noUser'
  | 'unknownKind'
  /** A field is missing, or one more is there. */
  | 'otherFields'
  /** Its stamp is none, or one that no clock writes. */
  | 'absurdStamp'
  /** A name outside its alphabet, or too long. */
  | 'badUsername'
  | 'badPasswordHash'
  /** Its salt or the hashes that it names are none, or too many. */
  | 'badReference'
  /** A role that is none. */
  | 'badRole'

export type ReadFact =
  | { readonly kind: 'read'; readonly fact: Fact }
  | { readonly kind: 'unread'; readonly reason: UnreadReason }

/** Never throws. */
export const readFact = (subject: string, text: string): ReadFact => {
  if (!isId(subject)) return unread('noUser')
  const value = parseJson(text)
  if (!isPlainObject(value)) return unread('noObject')
  const fields = fieldsOfKind.get(own(value, 'kind'))
  if (fields === undefined) return unread('unknownKind')
  if (Reflect.ownKeys(value).length !== fields.length + 1) return unread('otherFields')
  for (const { name, holds, reason } of fields) {
    if (!Object.hasOwn(value, name)) return unread('otherFields')
    if (!holds(own(value, name))) return unread(reason)
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each of its fields has just been checked
  return { kind: 'read', fact: value as unknown as Fact }
}

interface Field {
  readonly name: string
  readonly holds: (value: unknown) => boolean
  readonly reason: UnreadReason
}

const hashPattern = /^[A-Za-z0-9_-]{27}$/

const isHash = (value: unknown): boolean => typeof value === 'string' && hashPattern.test(value)

const areHashes = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= maxNamed && value.every(isHash)

const isUsername = (value: unknown): boolean => checkUsername(value).kind === 'valid'

/** Of a role, such as `operator`. */
export const isRole = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z][a-z0-9-]{0,31}$/.test(value)

const common: readonly Field[] = [
  { name: 'at', holds: isStamp, reason: 'absurdStamp' },
  { name: 'salt', holds: isId, reason: 'badReference' },
  { name: 'after', holds: areHashes, reason: 'badReference' },
]
const username: Field = { name: 'username', holds: isUsername, reason: 'badUsername' }
const passwordHash: Field = { name: 'passwordHash', holds: isPasswordHash, reason: 'badPasswordHash' }
const role: Field = { name: 'role', holds: isRole, reason: 'badRole' }
const hash = (name: string): Field => ({ name, holds: isHash, reason: 'badReference' })

/** Besides `kind`. Lists, since every fact of a document is held against them when it is loaded. */
const fieldsOfKind: ReadonlyMap<unknown, readonly Field[]> = new Map(
  Object.entries({
    registered: [...common, username, passwordHash],
    passwordChanged: [...common, passwordHash],
    rehashed: [...common, passwordHash, hash('rehashes')],
    renamed: [...common, username],
    respelled: [...common, username, hash('continues')],
    sessionsEnded: common,
    disabled: common,
    enabled: [...common, { name: 'lifts', holds: areHashes, reason: 'badReference' }],
    roleGranted: [...common, role],
    roleRevoked: [...common, role],
  } satisfies Record<FactKind, readonly Field[]>),
)

const unread = (reason: UnreadReason): ReadFact => ({ kind: 'unread', reason })
