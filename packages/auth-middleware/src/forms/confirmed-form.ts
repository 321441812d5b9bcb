import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit, type OnAudit } from '../audit.ts'
import type { AuthenticationState } from '../guards/authentication.ts'
import { pathConfig, timeoutConfig } from '../config.ts'
import { confirmPassword } from '../passwords/confirm-password.ts'
import { readCredentials } from './credentials.ts'
import type { FormModel, View } from './form.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { refusalOf, refuseWithForm, wrongPassword, type Refusal } from '../http/refusal.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'
import { turnAway } from '../guards/require-user.ts'
import type { AttemptLedger } from '../throttle/attempt-ledger.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'

/** What the handlers have in common that change an account after asking for its password. */
export interface ConfirmedFormOptions {
  readonly accounts: Pick<Accounts, 'get'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** Share one between all handlers. @default memoryAttempts() */
  readonly attempts?: AttemptLedger
  /** Where to go afterwards. @default '/' */
  readonly path?: string
  /** Where those go who are not logged in. @default '/' */
  readonly loginPath?: string
  /** Milliseconds for the hashes, and again for the change to be acknowledged. @default 10 s */
  readonly timeoutMs?: number
  readonly onAudit?: OnAudit
}

/** One such handler. What `prepare` and `act` throw is told like any other refusal. */
export interface ConfirmedAction<T> {
  readonly page: FormModel['page']
  readonly done: 'password-changed' | 'sessions-ended' | 'renamed'
  readonly refused: 'password-change-refused' | 'sessions-end-refused' | 'rename-refused'
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
export const confirmedForm = <T>(
  options: ConfirmedFormOptions,
  action: ConfirmedAction<T>,
): Koa.Middleware => {
  const path = pathConfig('path', options.path ?? '/')
  const loginPath = pathConfig('loginPath', options.loginPath ?? '/')
  const timeoutMs = timeoutConfig(options.timeoutMs)
  const { accounts, hasher, view, onAudit, attempts = memoryAttempts() } = options
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
    const { user }: AuthenticationState = ctx.state
    if (user === undefined) return turnAway(ctx, loginPath)
    const typed = readCredentials(ctx)
    const signals = { request: requestSignal(ctx, timeoutMs), write: () => AbortSignal.timeout(timeoutMs) }
    const outcome = await attempt(ctx, user, typed.password ?? '', signals)
    if ('refusal' in outcome) {
      audit(ctx, onAudit, { type: action.refused, userId: user.id, reason: outcome.refusal.code })
      refuseWithForm(ctx, outcome.refusal, { view, page: action.page, username: typed.username })
      return
    }
    audit(ctx, onAudit, { type: action.done, userId: user.id })
    respondLocation(ctx, 200, outcome.location ?? path)
  }
}
