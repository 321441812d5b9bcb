import { checkOptions, optional, orElse, withMethods, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit } from '../audit.ts'
import { path, pathOrRoot, timeoutMs } from '../config.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { checkCredentials, type Match } from '../passwords/check-credentials.ts'
import { refuseWithForm, type View } from './form.ts'
import { beginDeviceSession } from '../devices/begin-device-session.ts'
import { endEarlier } from '../sessions/open-session.ts'
import { attempts, hasher, view } from './option-checks.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { refusalOf, throttled, wrongCredentials } from '../http/refusal.ts'
import { renewHash } from '../passwords/renew-hash.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import { takeAll, type AttemptLimiter } from '../throttle/attempt-limiter.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'
import { loginSubjects } from '../throttle/subjects.ts'

export interface LoginOptions {
  readonly accounts: Pick<Accounts, 'get' | 'claimants' | 'rehash'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** How many passwords may be tried. Share one between all handlers. @default memoryAttempts() */
  readonly attempts?: AttemptLimiter
  /**
   * How often one account may be logged in to: each log-in, and its end, is kept for as long as the session might live.
   * `createPace` of `@grapevine/std` is one. @default as often as they like
   */
  readonly pace?: LoginPace
  /** Where to go when no path was remembered. @default '/' */
  readonly defaultPath?: string
  /** Where who has lost a contested name picks a new one, see `rename`. @default nobody is sent there */
  readonly renamePath?: string
  /** Milliseconds that the whole may take. @default 10 s */
  readonly timeoutMs?: number
}

/** Takes one log-in; the milliseconds until the next may be taken, if this one may not. */
export interface LoginPace {
  take(userId: string): number
}

type Found = Extract<Match, { kind: 'found' }>

interface Spent {
  readonly kind: 'spent'
  readonly retryAfterSeconds: number
  readonly meant: readonly Account[]
  readonly tooMany: 'wrong passwords' | 'log-ins'
}

const checks = {
  accounts: withMethods<LoginOptions['accounts']>('get', 'claimants'),
  hasher,
  view,
  attempts,
  pace: orElse(withMethods<LoginPace>('take'), { take: () => 0 }),
  defaultPath: pathOrRoot,
  renamePath: optional(path),
  timeoutMs,
} satisfies Checks<LoginOptions>

/**
 * POST: opens the account whose password was typed. Whatever else is the case (no such name, wrong password,
 * disabled, contested and undecidable), the answer is the same form with the same sentence; and the same 429 once too
 * many were tried.
 */
export const login = (options: LoginOptions): Koa.Middleware => {
  const { view, accounts, hasher, attempts = memoryAttempts(), ...rest } = checkOptions(options, checks)
  const { pace, defaultPath, renamePath, timeoutMs } = rest
  /** Counts the attempt before it is known how it ends; one that was right, or never made, is given back. */
  const guess = async (ctx: Koa.Context, typed: Credentials, signal: AbortSignal): Promise<Match | Spent> => {
    const claimants = typed.username === '' ? [] : accounts.claimants(typed.username)
    const attempt = await takeAll(attempts, loginSubjects(ctx, typed.username, claimants), { signal })
    if (attempt.kind === 'spent') return { ...attempt, meant: claimants, tooMany: 'wrong passwords' }
    try {
      const match = await checkCredentials({ accounts, hasher }, typed, signal)
      if (match.kind !== 'found') return match
      attempt.giveBack()
      const wait = pace.take(match.account.id)
      if (wait === 0) return match
      return {
        kind: 'spent',
        retryAfterSeconds: Math.ceil(wait / 1_000),
        meant: [match.account],
        tooMany: 'log-ins',
      }
    } catch (error) {
      attempt.giveBack()
      throw error
    }
  }
  const enter = async (
    ctx: Koa.Context,
    { account, twin }: Found,
    typed: Credentials,
    signal: AbortSignal,
  ): Promise<string> => {
    await endEarlier(ctx, timeoutMs)
    await renewHash(ctx, { accounts, hasher }, account, typed.password ?? '', signal)
    const returnTo = sessionHandle(ctx).current()?.returnTo
    const mustRename = account.claim === 'loser' && renamePath !== undefined
    // Under the epoch of when the password was right: whatever has ended the account's sessions since ends this one.
    await beginDeviceSession(ctx, account, {
      returnTo: mustRename ? returnTo : undefined,
      twin: twin?.id,
      timeoutMs,
    })
    audit(ctx, { type: 'logged-in', userId: account.id })
    return mustRename ? renamePath : (returnTo ?? defaultPath)
  }

  return async (ctx) => {
    const typed = readCredentials(ctx)
    const signal = requestSignal(ctx, timeoutMs)
    const page = { view, page: 'login', username: typed.username } as const
    try {
      const match = await guess(ctx, typed, signal)
      if (match.kind === 'found') {
        respondLocation(ctx, 200, await enter(ctx, match, typed, signal))
        return
      }
      const userIds = match.meant.map(({ id }) => id)
      const isSpent = match.kind === 'spent'
      audit(ctx, { type: 'login-refused', reason: isSpent ? 'THROTTLED' : match.kind, userIds })
      refuseWithForm(
        ctx,
        isSpent ? throttled(match.retryAfterSeconds, match.tooMany) : wrongCredentials,
        page,
      )
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      audit(ctx, { type: 'login-refused', reason: refusal.code, userIds: [] })
      refuseWithForm(ctx, refusal, page)
    }
  }
}
