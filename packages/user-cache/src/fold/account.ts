/**
 * An account is the fold of the *set* of its facts.
 *
 * - `disabled` holds until an `enabled` that names it: one made without knowing of it leaves it in force.
 * - `sessionEpoch` names the heads of what ended sessions, and through them all that did before.
 * - Of the passwords, and of the names, the one counts that no other supersedes; of several that did not know of each
 *   other, the latest by stamp. So a wrong clock decides nothing over somebody who knew.
 * - A role is held while all of its heads grant it: a revocation wins over a grant that did not know of it.
 * - `rehashed` names the fact whose password it hashes anew, and counts only as long as that fact does.
 */
import { msOf } from '../clock/stamp.ts'
import type { Fact } from '../facts/fact.ts'
import { normaliseUsername } from '../names/username.ts'
import type { User } from '../user.ts'
import { isBefore, type Head, type Heads } from './heads.ts'
import type { History } from './history.ts'

/** A user but for the claim, which depends on the other accounts. */
export interface Account extends Omit<User, 'claim' | 'roles'> {
  /** Sorted. */
  readonly roles: readonly string[]
  /** The name in the form in which names are compared. */
  readonly name: string
  /** The fact since which the account has claimed that name without a break. */
  readonly claimedBy: Head
  /** The hash of the fact whose password opens the account. */
  readonly passwordSetBy: string
}

/** The fact with this hash, if it is held and read. */
export type ReadHash = (hash: string) => Fact | undefined

/** `undefined`: no account is live, because its registration has not arrived, or all was erased. */
export const foldAccount = (id: string, history: History, read: ReadHash): Account | undefined => {
  const { registration, heads, disablings } = history
  if (registration === undefined) return undefined
  const named = heads.name?.latest() ?? registration
  const naming = namingOf(named, read)
  const passwordSetBy = (heads.password?.latest() ?? registration).hash
  const password = read(passwordSetBy)
  if (naming === undefined || password === undefined || !('passwordHash' in password)) return undefined
  const { username, name, claimedBy } = naming
  return {
    id,
    username,
    name,
    claimedBy,
    passwordHash: rehashOf(passwordSetBy, heads.rehash, read) ?? password.passwordHash,
    passwordSetBy,
    registeredAt: msOf(registration.at),
    sessionEpoch: epochOf(heads.sessions),
    disabled: (disablings?.size ?? 0) > 0,
    roles: rolesOf(heads, read),
  }
}

const noRoles: readonly string[] = []

const rolesOf = (heads: History['heads'], read: ReadHash): readonly string[] => {
  let held: string[] | undefined
  for (const [register, of] of Object.entries(heads)) {
    if (of === undefined || of.size === 0 || !register.startsWith('role ')) continue
    const isHeld = [...of.hashes()].every((hash) => read(hash)?.kind === 'roleGranted')
    if (isHeld) (held ??= []).push(register.slice('role '.length))
  }
  return held?.sort() ?? noRoles
}

/** What this file comes to where nothing else is known: of nearly every user, at every start. */
export const justRegistered = (
  id: string,
  hash: string,
  { at, username, passwordHash }: Extract<Fact, { kind: 'registered' }>,
): Account => ({
  id,
  username,
  name: normaliseUsername(username),
  claimedBy: { hash, at },
  passwordHash,
  passwordSetBy: hash,
  registeredAt: msOf(at),
  sessionEpoch: noEpoch,
  disabled: false,
  roles: noRoles,
})

interface Naming {
  readonly username: string
  readonly name: string
  readonly claimedBy: Head
}

const namingOf = (named: Head, read: ReadHash): Naming | undefined => {
  const fact = read(named.hash)
  if (fact === undefined || !('username' in fact)) return undefined
  const { username } = fact
  const name = normaliseUsername(username)
  if (fact.kind !== 'respelled') return { username, name, claimedBy: named }
  // A new spelling of the same name is no new claim; but it is one if it names another, or one that is not here.
  const begun = read(fact.continues)
  const isSame = begun !== undefined && 'username' in begun && normaliseUsername(begun.username) === name
  return { username, name, claimedBy: isSame ? { hash: fact.continues, at: begun.at } : named }
}

/** A re-hash counts whatever its stamp, and never beyond the one password that it names. */
const rehashOf = (password: string, heads: Heads | undefined, read: ReadHash): string | undefined => {
  let latest: (Head & { readonly passwordHash: string }) | undefined
  for (const hash of heads?.hashes() ?? []) {
    const fact = read(hash)
    if (fact?.kind !== 'rehashed' || fact.rehashes !== password) continue
    const head = { hash, at: fact.at, passwordHash: fact.passwordHash }
    if (latest === undefined || isBefore(latest, head)) latest = head
  }
  return latest?.passwordHash
}

/** Of a user whose sessions nothing has ended. */
const noEpoch = 'none'

const epochOf = (endings: Heads | undefined): string =>
  endings === undefined || endings.size === 0 ? noEpoch : endings.digest().slice(0, 22)
