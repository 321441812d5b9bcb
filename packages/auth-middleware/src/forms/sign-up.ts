import { checkOptions, withMethods, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit } from '../audit.ts'
import { pathOrRoot, timeoutMs } from '../config.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { refuseWithForm, type View } from './form.ts'
import { checkPassword } from '../passwords/password.ts'
import { contextWords, hasher, view } from './ports.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { invalidUsername, refusalOf, usernameTaken, type Refusal } from '../http/refusal.ts'
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
}

const checks = {
  accounts: withMethods<SignUpOptions['accounts']>('claimants', 'register'),
  hasher,
  view,
  loginPath: pathOrRoot,
  timeoutMs,
  contextWords,
} satisfies Checks<SignUpOptions>

/** POST: registers an account. Nobody is logged in by it. */
export const signUp = (options: SignUpOptions): Koa.Middleware => {
  const ports = checkOptions(options, checks)
  const { view, loginPath, timeoutMs } = ports
  return async (ctx) => {
    const typed = readCredentials(ctx)
    const outcome = await register(ports, typed, requestSignal(ctx, timeoutMs))
    if (outcome.kind === 'registered') {
      audit(ctx, { type: 'signed-up', userId: outcome.account.id })
      respondLocation(ctx, 201, loginPath)
      return
    }
    audit(ctx, { type: 'sign-up-refused', reason: outcome.refusal.code })
    refuseWithForm(ctx, outcome.refusal, { view, page: 'signup', username: typed.username })
  }
}

type Ports = Required<SignUpOptions>
type Outcome =
  | { readonly kind: 'registered'; readonly account: Account }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

const register = async (
  { accounts, hasher, contextWords, timeoutMs }: Ports,
  { username, password }: Credentials,
  signal: AbortSignal,
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
