import type { Account, Accounts } from '../account.ts'
import type { Credentials } from '../forms/credentials.ts'
import type { PasswordHasher } from './password-hasher.ts'

/** A name can have several claimants after a split; more than this many are not tried. */
export const maxClaimantsTried = 8

/** Whom the credentials open. Only `found` opens anything; the others look alike from outside. */
export type Match =
  /** `twin`: the password opens this one, too; it was signed up with on the other side of a split. */
  | { readonly kind: 'found'; readonly account: Account; readonly twin?: Account }
  | { readonly kind: 'no-match' | 'disabled'; readonly meant: readonly Account[] }

type Ports = { accounts: Pick<Accounts, 'get' | 'claimants'>; hasher: PasswordHasher }

/**
 * Tries the password on every claimant of the name, also after one has matched: if it is right for several, somebody has signed
 * up with it on both sides of a split, and the first opens, which owns the bare name. With no claimant a decoy is tried.
 */
export const checkCredentials = async (
  ports: Ports,
  typed: Credentials,
  signal: AbortSignal,
): Promise<Match> => {
  const { accounts, hasher } = ports
  const tried = typed.username === '' ? [] : accounts.claimants(typed.username).slice(0, maxClaimantsTried)
  const password = typed.password ?? ''
  if (tried.length === 0) {
    await hasher.verify(hasher.decoy, password, { signal })
    return { kind: 'no-match', meant: tried }
  }
  const matching: Account[] = []
  for (const account of tried) {
    // One after the other: one login takes one place in the queue.
    if (await hasher.verify(account.passwordHash, password, { signal })) matching.push(account)
  }
  return judge(tried, await stillMatching(ports, matching, password, signal), accounts)
}

/** A hash that was renewed meanwhile has the same password; one that was changed has not. */
const stillMatching = async (
  { accounts, hasher }: Ports,
  matching: readonly Account[],
  password: string,
  signal: AbortSignal,
): Promise<readonly Account[]> => {
  const still: Account[] = []
  for (const account of matching) {
    const current = accounts.get(account.id)
    const isSame = current?.passwordHash === account.passwordHash
    if (current === undefined || isSame) still.push(account)
    else if (await hasher.verify(current.passwordHash, password, { signal })) still.push(current)
  }
  return still
}

const judge = (
  tried: readonly Account[],
  matching: readonly Account[],
  accounts: Pick<Accounts, 'get'>,
): Match => {
  const [match, ...others] = matching
  if (match === undefined) return { kind: 'no-match', meant: tried }
  const account = accounts.get(match.id)
  // While the hash was computed the password may have been changed, or the account erased.
  if (account?.passwordHash !== match.passwordHash) return { kind: 'no-match', meant: tried }
  if (account.disabled) return { kind: 'disabled', meant: [account] }
  const twin = others.find(({ disabled }) => !disabled)
  return { kind: 'found', account, ...(twin === undefined ? {} : { twin }) }
}
