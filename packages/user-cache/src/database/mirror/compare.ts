/** What a row of a database is beside what this node knows of the account. */
import { isErasure, type FactSet } from '@grapevine/facts'
import type { Fact } from '../../facts/fact.ts'
import { readFact } from '../../facts/read-fact.ts'
import type { ExternalAccount } from '../../commands/adoption.ts'
import type { User } from '../../user.ts'
import type { UserCache } from '../../user-cache.ts'

/** An account as it is, and what it once was. */
export interface Known {
  readonly user: Pick<User, 'username' | 'passwordHash' | 'disabled'>
  readonly usernames: ReadonlySet<string>
  readonly passwordHashes: ReadonlySet<string>
}

export type Verdict =
  | 'same'
  /** The row is as the account once was: the change is still to be written, or was lost by a restored copy. */
  | 'behind'
  /** The row says what this node has never heard: a member wrote what has not arrived, or somebody changed it by hand. */
  | 'ahead'

/** The account, if it is live. Most are no more than registered: no `User` is made of them, since a check goes through all. */
export const knownOf = (
  facts: Pick<FactSet, 'of' | 'text'>,
  users: Pick<UserCache, 'get'>,
  id: string,
): Known | undefined => {
  const said = saidOf(facts, id)
  const [only] = said
  if (only === undefined) return undefined
  const isOnlyRegistered = said.length === 1 && only.kind === 'registered'
  const user = isOnlyRegistered ? { ...only, disabled: false } : users.get(id)
  if (user === undefined) return undefined
  return {
    user,
    usernames: new Set(said.flatMap((fact) => ('username' in fact ? [fact.username] : []))),
    passwordHashes: new Set(said.flatMap((fact) => ('passwordHash' in fact ? [fact.passwordHash] : []))),
  }
}

/** All that is said of an account and understood here. */
export const saidOf = (facts: Pick<FactSet, 'of' | 'text'>, id: string): readonly Fact[] =>
  facts.of(id).flatMap((key) => {
    const text = isErasure(key) ? undefined : facts.text(key)
    const read = text === undefined ? undefined : readFact(id, text)
    return read?.kind === 'read' ? [read.fact] : []
  })

export interface Difference {
  readonly username: Verdict
  readonly passwordHash: Verdict
  readonly disabled: Verdict
}

export const differenceOf = (
  row: ExternalAccount,
  { user, usernames, passwordHashes }: Known,
  keepsDisabled: boolean,
): Difference => ({
  username: verdict(row.username, user.username, usernames),
  passwordHash: verdict(row.passwordHash, user.passwordHash, passwordHashes),
  disabled: keepsDisabled ? disabling(row.disabled === true, user.disabled) : 'same',
})

export const verdictOf = (difference: Difference): Verdict => {
  const verdicts: readonly Verdict[] = Object.values(difference)
  if (verdicts.includes('ahead')) return 'ahead'
  return verdicts.includes('behind') ? 'behind' : 'same'
}

const verdict = (there: string, here: string, former: ReadonlySet<string>): Verdict => {
  if (there === here) return 'same'
  return former.has(there) ? 'behind' : 'ahead'
}

/** Whoever is disabled on either side is: an account that is shut by mistake is opened again, the other way round is a break-in. */
const disabling = (there: boolean, here: boolean): Verdict => {
  if (there === here) return 'same'
  return there ? 'ahead' : 'behind'
}
