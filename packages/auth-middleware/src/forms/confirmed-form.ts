import { withMethods, type Check } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit } from '../audit.ts'
import { pathOrRoot, timeoutMs } from '../config.ts'
import { confirmPassword } from '../passwords/confirm-password.ts'
import { readCredentials } from './credentials.ts'
import { refuseWithForm, type FormModel, type View } from './form.ts'
import { attempts, hasher, view } from './option-checks.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { refusalOf, wrongPassword, type Refusal } from '../http/refusal.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'
import { turnAway } from '../guards/require-user.ts'
import type { AttemptLimiter } from '../throttle/attempt-limiter.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'

/** What the handlers have in common that change an account after asking for its password. */
export interface ConfirmedFormOptions {
  readonly accounts: Pick<Accounts, 'get'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** Share one between all handlers. @default memoryAttempts() */
  readonly attempts?: AttemptLimiter
  /** Where to go afterwards. @default '/' */
  readonly path?: string
  /** Where those go who are not logged in. @default '/' */
  readonly loginPath?: string
  /** Milliseconds for the hashes, and again for the change to be acknowledged. @default 10 s */
  readonly timeoutMs?: number
}

export type ConfirmedFormConfig = Required<Omit<ConfirmedFormOptions, 'attempts'>> & {
  readonly attempts: AttemptLimiter | undefined
}

type ConfirmedChecks<T> = {
  readonly [Name in keyof ConfirmedFormConfig]: Check<Name extends 'accounts' ? T : ConfirmedFormConfig[Name]>
}

/** @param methods what else the accounts must be able to do */
export const confirmedChecks = <T extends ConfirmedFormOptions['accounts']>(
  ...methods: readonly (keyof T & string)[]
): ConfirmedChecks<T> => ({
  accounts: withMethods<T>('get', ...methods),
  hasher,
  view,
  attempts,
  path: pathOrRoot,
  loginPath: pathOrRoot,
  timeoutMs,
})

/** One such handler. What `prepare` and `act` throw is told like any other refusal. */
export interface ConfirmedAction<T> {
  readonly page: FormModel['page']
  readonly done:
    | 'password-changed'
    | 'sessions-ended'
    | 'renamed'
    | 'account-erased'
    | 'device-ended'
    | 'twin-settled'
  readonly refused:
    | 'password-change-refused'
    | 'sessions-end-refused'
    | 'rename-refused'
    | 'erase-refused'
    | 'device-end-refused'
    | 'twin-refused'
  /** What costs little is checked first. */
  prepare(ctx: Koa.Context, user: Account): T
  /** The password was right. Returns where to go, if not to `path`. */
  act(ctx: Koa.Context, user: Account, prepared: T, signals: ActSignals): Promise<string | undefined>
}

export interface ActSignals {
  /** Until the client is gone. */
  readonly request: AbortSignal
  /** For a write: a closed tab does not call it back. */
  readonly write: () => AbortSignal
}

/** POST: asks for the field `password`, the account's current one, and then acts. */
export const confirmedForm = <T>(config: ConfirmedFormConfig, action: ConfirmedAction<T>): Koa.Middleware => {
  const { accounts, hasher, view, path, loginPath, timeoutMs, attempts = memoryAttempts() } = config
  const attempt = async (
    ctx: Koa.Context,
    user: Account,
    password: string,
    signals: ActSignals,
  ): Promise<{ readonly refusal: Refusal } | { readonly location: string | undefined }> => {
    try {
      const prepared = action.prepare(ctx, user)
      const ports = { hasher, attempts }
      const refusal = await confirmPassword(ctx, ports, user, password, { signal: signals.request })
      if (refusal !== undefined) return { refusal }
      // Meanwhile the account may have been disabled, or its password changed by somebody else.
      const current = accounts.get(user.id)
      if (current?.passwordHash !== user.passwordHash || current.disabled) return { refusal: wrongPassword }
      return { location: await action.act(ctx, current, prepared, signals) }
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      return { refusal }
    }
  }

  return async (ctx) => {
    const user = ctx.state.user === undefined ? undefined : accounts.get(ctx.state.user.id)
    if (user === undefined) return turnAway(ctx, loginPath)
    const typed = readCredentials(ctx)
    const signals = { request: requestSignal(ctx, timeoutMs), write: () => AbortSignal.timeout(timeoutMs) }
    const outcome = await attempt(ctx, user, typed.password ?? '', signals)
    if ('refusal' in outcome) {
      audit(ctx, { type: action.refused, userId: user.id, reason: outcome.refusal.code })
      refuseWithForm(ctx, outcome.refusal, { view, page: action.page, username: typed.username })
      return
    }
    audit(ctx, { type: action.done, userId: user.id })
    respondLocation(ctx, 200, outcome.location ?? path)
  }
}
