/**
 * What happened to a user. A fact is inserted once under a key of its own and never overwritten, so a merge
 * of two documents is the union of their facts.
 */
import { isPlainObject, own } from '../flat.ts'
import { idLength, isId } from './id.ts'
import { isPasswordHash } from './password-hash.ts'
import { isStamp } from '../clock/stamp.ts'
import type { Stamp } from '../clock/stamp.ts'
import { isUsername } from '../names/username.ts'

interface Common {
  /** Id of the user that the fact is about. */
  readonly user: string
  readonly at: Stamp
}

export type Fact =
  | (Common & { readonly kind: 'registered'; readonly username: string; readonly passwordHash: string })
  | (Common & { readonly kind: 'passwordChanged'; readonly passwordHash: string })
  /** The same password under new parameters. `rehashes`: id of the fact that set this password. */
  | (Common & { readonly kind: 'rehashed'; readonly passwordHash: string; readonly rehashes: string })
  | (Common & { readonly kind: 'renamed'; readonly username: string })
  | (Common & { readonly kind: 'sessionsEnded' })
  | (Common & { readonly kind: 'disabled' })
  /** `lifts`: id of the one `disabled` fact that this undoes. One that was not known then stays in force. */
  | (Common & { readonly kind: 'enabled'; readonly lifts: string })
  | (Common & { readonly kind: 'erased' })

export type FactKind = Fact['kind']

export type ParsedFact =
  | { readonly kind: 'fact'; readonly fact: Fact }
  | { readonly kind: 'malformed'; readonly why: string }

/** A fact and its own id. */
export interface RecordedFact {
  readonly id: string
  readonly fact: Fact
}

/** Where a fact lives in the map `users`. */
export interface FactKey {
  readonly user: string
  readonly fact: string
}

interface Field {
  readonly name: string
  readonly holds: (value: unknown) => boolean
}

const common: readonly Field[] = [
  { name: 'user', holds: isId },
  { name: 'at', holds: isStamp },
]
const username: Field = { name: 'username', holds: isUsername }
const passwordHash: Field = { name: 'passwordHash', holds: isPasswordHash }

/** Besides `kind`. Lists, since every fact of a document is held against them when it is loaded. */
const fieldsOfKind: ReadonlyMap<unknown, readonly Field[]> = new Map(
  Object.entries({
    registered: [...common, username, passwordHash],
    passwordChanged: [...common, passwordHash],
    rehashed: [...common, passwordHash, { name: 'rehashes', holds: isId }],
    renamed: [...common, username],
    sessionsEnded: common,
    disabled: common,
    enabled: [...common, { name: 'lifts', holds: isId }],
    erased: common,
  } satisfies Record<FactKind, readonly Field[]>),
)

export const factKey = (key: FactKey): string => `${key.user}/${key.fact}`

export const keyOf = ({ id, fact }: RecordedFact): string => factKey({ user: fact.user, fact: id })

const keyLength = 2 * idLength + 1

export const parseFactKey = (key: string): FactKey | undefined => {
  const user = key.slice(0, idLength)
  return isId(user) && isFactKeyOf(key, user) ? { user, fact: key.slice(idLength + 1) } : undefined
}

/** Whether a fact of this user, whose id is well-formed, may lie under the key. */
export const isFactKeyOf = (key: string, user: string): boolean =>
  key.length === keyLength &&
  key.charAt(idLength) === '/' &&
  key.startsWith(user) &&
  isId(key.slice(idLength + 1))

/** Judges whatever lies in the document; never throws, and says why without showing any value. */
export const parseFact = (value: unknown): ParsedFact => {
  if (!isPlainObject(value)) return malformed('a fact is a plain object')
  const fields = fieldsOfKind.get(own(value, 'kind'))
  if (fields === undefined) return malformed('the kind of a fact is unknown')
  for (const { name, holds } of fields) {
    if (!holds(own(value, name))) return malformed(`"${name}" of a fact is missing or out of bounds`)
  }
  if (Reflect.ownKeys(value).length !== fields.length + 1) return malformed('a fact has extra keys')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each of its fields has just been checked
  return { kind: 'fact', fact: value as unknown as Fact }
}

const malformed = (why: string): ParsedFact => ({ kind: 'malformed', why })
