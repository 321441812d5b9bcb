import { checkOptions, withMethods, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit } from '../audit.ts'
import { pathOrRoot, timeoutMs } from '../config.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { refuseWithForm, type View } from './form.ts'
import { confirmPassword } from '../passwords/confirm-password.ts'
import { checkPassword } from '../passwords/password.ts'
import { attempts, contextWords, hasher, view } from './option-checks.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { invalidUsername, refusalOf, throttled, usernameTaken, type Refusal } from '../http/refusal.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'
import { takeAll, type AttemptLimiter } from '../throttle/attempt-limiter.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'
import { loginSubjects, signUpSubjects } from '../throttle/subjects.ts'

export interface SignUpOptions {
  readonly accounts: Pick<Accounts, 'claimants' | 'register' | 'settled'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** How many accounts may be made. Share one between all handlers. @default memoryAttempts() */
  readonly attempts?: AttemptLimiter
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
  attempts,
  loginPath: pathOrRoot,
  timeoutMs,
  contextWords,
} satisfies Checks<SignUpOptions>

/**
 * POST: registers an account. Nobody is logged in by it. Who asks for a name that is there, with its password, has sent the
 * form twice, perhaps to two nodes at once: they are answered as for the first.
 */
export const signUp = (options: SignUpOptions): Koa.Middleware => {
  const { attempts = memoryAttempts(), ...config } = checkOptions(options, checks)
  const { view, loginPath, timeoutMs } = config
  return async (ctx) => {
    const typed = readCredentials(ctx)
    const signal = requestSignal(ctx, timeoutMs)
    const outcome = await outcomeOf(() => attempt({ ctx, attempts, ...config }, typed, signal))
    if (outcome.kind === 'refused') {
      audit(ctx, { type: 'sign-up-refused', reason: outcome.refusal.code })
      refuseWithForm(ctx, outcome.refusal, { view, page: 'signup', username: typed.username })
      return
    }
    audit(ctx, { type: outcome.kind, userId: outcome.account.id })
    respondLocation(ctx, 201, loginPath)
  }
}

type Ports = Required<SignUpOptions> & { readonly ctx: Koa.Context }
type Outcome =
  | { readonly kind: 'signed-up' | 'sign-up-repeated'; readonly account: Account }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

const outcomeOf = async (work: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await work()
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return { kind: 'refused', refusal }
  }
}

const attempt = async (ports: Ports, typed: Credentials, signal: AbortSignal): Promise<Outcome> => {
  const { ctx, accounts, attempts, contextWords } = ports
  const { username } = typed
  const password = checkPassword(typed.password, { contextWords: [username, ...contextWords] })
  // Cheap questions first: a name that cannot be had is not worth a hash.
  if (username === '') return { kind: 'refused', refusal: invalidUsername }
  const isClaimed = (): boolean => accounts.claimants(username).length > 0
  // Who has it may still be refused: then it is free again.
  if (isClaimed()) await accounts.settled?.(username, { signal })
  if (isClaimed()) return repeated(ports, username, password, signal)
  const allowance = await takeAll(attempts, signUpSubjects(ctx), { signal })
  if (allowance.kind === 'spent') {
    return { kind: 'refused', refusal: throttled(allowance.retryAfterSeconds, 'new accounts') }
  }
  const outcome = await outcomeOf(() => register(ports, username, password, signal))
  // Of one that is unavailable it is not known whether the account will exist.
  if (outcome.kind !== 'refused' || outcome.refusal.code === 'UNAVAILABLE') return outcome
  allowance.giveBack()
  const isTaken = outcome.refusal.code === 'USERNAME_TAKEN'
  return isTaken ? repeated(ports, username, password, signal) : outcome
}

const register = async (
  { accounts, hasher, timeoutMs }: Ports,
  username: string,
  password: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const passwordHash = await hasher.hash(password, { signal })
  const write = { signal: AbortSignal.timeout(timeoutMs) }
  return { kind: 'signed-up', account: await accounts.register({ username, passwordHash }, write) }
}

/** Whether it is their own account that is there. It is a guess at its password, and counts as one at the log-in. */
const repeated = async (
  { ctx, accounts, hasher, attempts }: Ports,
  username: string,
  password: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const taken = { kind: 'refused', refusal: usernameTaken } as const
  const [account] = accounts.claimants(username)
  if (account === undefined || account.disabled) return taken
  // Also for the address: else one password could be tried on the accounts of everybody here.
  const subjects = loginSubjects(ctx, username, accounts.claimants(username))
  const wrong = await confirmPassword(ctx, { hasher, attempts }, account, password, { signal, subjects })
  return wrong === undefined ? { kind: 'sign-up-repeated', account } : taken
}
