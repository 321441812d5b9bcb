/**
 * What happened to a user, as the text of a fact of `@grapevine/facts`, whose subject is the id of the user. An erasure is
 * a fact of that package, and no kind of these.
 */
import type { Stamp } from '../clock/stamp.ts'

interface Common {
  readonly at: Stamp
  /** 128 random bits, so that the hash of a fact tells nothing once its text is gone. */
  readonly salt: string
  /** Hashes of facts of this user that the writer knew of, and that this one supersedes. */
  readonly after: readonly string[]
}

export type Fact =
  | (Common & { readonly kind: 'registered'; readonly username: string; readonly passwordHash: string })
  | (Common & { readonly kind: 'passwordChanged'; readonly passwordHash: string })
  /** The same password under new parameters. `rehashes`: hash of the fact that set this password. */
  | (Common & { readonly kind: 'rehashed'; readonly passwordHash: string; readonly rehashes: string })
  | (Common & { readonly kind: 'renamed'; readonly username: string })
  /** The same name in another spelling. `continues`: hash of the fact that began to claim it. */
  | (Common & { readonly kind: 'respelled'; readonly username: string; readonly continues: string })
  | (Common & { readonly kind: 'sessionsEnded' })
  | (Common & { readonly kind: 'disabled' })
  /** `lifts`: hashes of the `disabled` facts that this undoes. One that was not known then stays in force. */
  | (Common & { readonly kind: 'enabled'; readonly lifts: readonly string[] })
  /** What the account may do beside what everybody may. Holds until a revocation of the role; one made without knowing of it counts, too. */
  | (Common & { readonly kind: 'roleGranted'; readonly role: string })
  | (Common & { readonly kind: 'roleRevoked'; readonly role: string })

export type FactKind = Fact['kind']

/** What a caller says; when, and after what, is added on writing. */
export type Saying = Fact extends infer F ? (F extends Fact ? Omit<F, keyof Common> : never) : never

/** Most hashes that a fact may name in one list: two such lists fit into the bytes of a fact. */
export const maxNamed = 256

/** Always the same bytes for the same fact: the fields in this order, without layout. */
export const writeFact = ({ kind, ...fields }: Saying, { at, salt, after }: Common): string =>
  JSON.stringify({ kind, at, salt, after, ...fields })

/** One fact of a user, by its hash. */
export interface RecordedFact {
  readonly hash: string
  readonly fact: Fact
}
