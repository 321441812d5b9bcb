/**
 * What happened to a user. A fact is inserted once under a key of its own and never overwritten, so a merge
 * of two documents is the union of their facts.
 */
import { isPlainObject, own } from '../flat.ts'
import { ID_LENGTH, isId } from './id.ts'
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

const COMMON: readonly Field[] = [
  { name: 'user', holds: isId },
  { name: 'at', holds: isStamp },
]
const USERNAME: Field = { name: 'username', holds: isUsername }
const PASSWORD_HASH: Field = { name: 'passwordHash', holds: isPasswordHash }

/** Besides `kind`. Lists, since every fact of a document is held against them when it is loaded. */
const FIELDS: ReadonlyMap<unknown, readonly Field[]> = new Map(
  Object.entries({
    registered: [...COMMON, USERNAME, PASSWORD_HASH],
    passwordChanged: [...COMMON, PASSWORD_HASH],
    rehashed: [...COMMON, PASSWORD_HASH, { name: 'rehashes', holds: isId }],
    renamed: [...COMMON, USERNAME],
    sessionsEnded: COMMON,
    disabled: COMMON,
    enabled: [...COMMON, { name: 'lifts', holds: isId }],
    erased: COMMON,
  } satisfies Record<FactKind, readonly Field[]>),
)

export function factKey(key: FactKey): string {
  return `${key.user}/${key.fact}`
}

export function keyOf({ id, fact }: RecordedFact): string {
  return factKey({ user: fact.user, fact: id })
}

const KEY_LENGTH = 2 * ID_LENGTH + 1

export function parseFactKey(key: string): FactKey | undefined {
  const user = key.slice(0, ID_LENGTH)
  return isId(user) && isFactKeyOf(key, user) ? { user, fact: key.slice(ID_LENGTH + 1) } : undefined
}

/** Whether a fact of this user, whose id is well-formed, may lie under the key. */
export function isFactKeyOf(key: string, user: string): boolean {
  return (
    key.length === KEY_LENGTH &&
    key.charAt(ID_LENGTH) === '/' &&
    key.startsWith(user) &&
    isId(key.slice(ID_LENGTH + 1))
  )
}

/** Judges whatever lies in the document; never throws, and says why without showing any value. */
export function parseFact(value: unknown): ParsedFact {
  if (!isPlainObject(value)) return malformed('a fact is a plain object')
  const fields = FIELDS.get(own(value, 'kind'))
  if (fields === undefined) return malformed('the kind of a fact is unknown')
  for (const { name, holds } of fields) {
    if (!holds(own(value, name))) return malformed(`"${name}" of a fact is missing or out of bounds`)
  }
  if (Reflect.ownKeys(value).length !== fields.length + 1) return malformed('a fact has extra keys')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each of its fields has just been checked
  return { kind: 'fact', fact: value as unknown as Fact }
}

function malformed(why: string): ParsedFact {
  return { kind: 'malformed', why }
}
