import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit } from '../audit.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { refusalOf } from '../http/refusal.ts'

export interface RenewHashPorts {
  readonly accounts: Pick<Accounts, 'rehash'>
  readonly hasher: PasswordHasher
}

/**
 * The parameters of argon2id grow with the years; the one moment at which an old hash can be made anew is a login. When
 * it cannot be done now it is done at the next one: the login does not fail for it.
 */
export const renewHash = async (
  ctx: Koa.Context,
  { accounts, hasher }: RenewHashPorts,
  account: Account,
  password: string,
  signal: AbortSignal,
): Promise<void> => {
  if (accounts.rehash === undefined || !hasher.isOutdated(account.passwordHash)) return
  try {
    // An old password may break newer rules; only its owner can change it.
    const passwordHash = await hasher.hash(password, { signal, rules: 'kept-before' })
    await accounts.rehash(account.id, passwordHash, { verified: account.passwordHash, signal })
    audit(ctx, { type: 'hash-renewed', userId: account.id })
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    audit(ctx, { type: 'hash-not-renewed', userId: account.id, reason: refusal.code })
  }
}
