import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit, type OnAudit } from '../audit.ts'
import { pathConfig, timeoutConfig } from '../config.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import type { View } from './form.ts'
import { checkPassword } from '../passwords/password.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { invalidUsername, refusalOf, refuseWithForm, usernameTaken, type Refusal } from '../http/refusal.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'

export interface SignUpOptions {
  readonly accounts: Pick<Accounts, 'claimants' | 'register'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** Where to go afterwards, to log in. @default '/' */
  readonly loginPath?: string
  /** Milliseconds for the hash, and again for the registration to be acknowledged. @default 10 s */
  readonly timeoutMs?: number
  /** Refused as a password, besides the username, such as the name of the site. @default [] */
  readonly contextWords?: readonly string[]
  readonly onAudit?: OnAudit
}

/** POST: registers an account. Nobody is logged in by it. */
export const signUp = (options: SignUpOptions): Koa.Middleware => {
  const loginPath = pathConfig('loginPath', options.loginPath ?? '/')
  const timeoutMs = timeoutConfig(options.timeoutMs)
  const { view, onAudit } = options
  return async (ctx) => {
    const typed = readCredentials(ctx)
    const outcome = await register(options, typed, requestSignal(ctx, timeoutMs), timeoutMs)
    if (outcome.kind === 'registered') {
      audit(ctx, onAudit, { type: 'signed-up', userId: outcome.account.id })
      respondLocation(ctx, 201, loginPath)
      return
    }
    audit(ctx, onAudit, { type: 'sign-up-refused', reason: outcome.refusal.code })
    refuseWithForm(ctx, outcome.refusal, { view, page: 'signup', username: typed.username })
  }
}

type Outcome =
  | { readonly kind: 'registered'; readonly account: Account }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

const register = async (
  { accounts, hasher, contextWords = [] }: SignUpOptions,
  { username, password }: Credentials,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Outcome> => {
  try {
    const checked = checkPassword(password, { contextWords: [username, ...contextWords] })
    // Cheap questions first: a name that cannot be had is not worth a hash.
    if (username === '') return { kind: 'refused', refusal: invalidUsername }
    if (accounts.claimants(username).length > 0) return { kind: 'refused', refusal: usernameTaken }
    const passwordHash = await hasher.hash(checked, { signal })
    const write = { signal: AbortSignal.timeout(timeoutMs) }
    return { kind: 'registered', account: await accounts.register({ username, passwordHash }, write) }
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return { kind: 'refused', refusal }
  }
}
