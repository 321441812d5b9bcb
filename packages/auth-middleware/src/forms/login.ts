import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { audit, type OnAudit } from '../audit.ts'
import { pathConfig, timeoutConfig } from '../config.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { endSession } from '../sessions/login-session.ts'
import { findAccount, type Match } from '../passwords/find-account.ts'
import type { View } from './form.ts'
import { issueTime, openSession } from '../sessions/login-session.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import { refusalOf, refuseWithForm, throttled, wrongCredentials } from '../http/refusal.ts'
import { renewHash } from '../passwords/renew-hash.ts'
import { requestSignal } from '../http/request-signal.ts'
import { respondLocation } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import type { SessionLedger } from '../sessions/session-ledger.ts'
import { takeAll, type AttemptLedger } from '../throttle/attempt-ledger.ts'
import { rememberDevice } from '../throttle/known-device.ts'
import { memoryAttempts } from '../throttle/memory-attempts.ts'
import { loginSubjects } from '../throttle/subjects.ts'

export interface LoginOptions {
  readonly accounts: Pick<Accounts, 'get' | 'claimants' | 'rehash'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** How many passwords may be tried. Share one between all handlers. @default memoryAttempts() */
  readonly attempts?: AttemptLedger
  /** Where to go when no path was remembered. @default '/' */
  readonly defaultPath?: string
  /** Where who has lost a contested name picks a new one, see `rename`. @default nobody is sent there */
  readonly renamePath?: string
  /** With it, whoever logs in while logged in ends the earlier session. */
  readonly ledger?: Pick<SessionLedger, 'end'>
  /** Milliseconds that the whole may take. @default 10 s */
  readonly timeoutMs?: number
  readonly onAudit?: OnAudit
}

/**
 * POST: opens the account whose password was typed. Whatever else is the case (no such name, wrong password,
 * disabled, contested and undecidable), the answer is the same form with the same sentence; and the same 429 once too
 * many were tried.
 */
export const login = (options: LoginOptions): Koa.Middleware => {
  const defaultPath = pathConfig('defaultPath', options.defaultPath ?? '/')
  const renamePath =
    options.renamePath === undefined ? undefined : pathConfig('renamePath', options.renamePath)
  const timeoutMs = timeoutConfig(options.timeoutMs)
  const { view, ledger, onAudit, accounts, hasher, attempts = memoryAttempts() } = options
  /** Counts the attempt before it is known how it ends; one that was right, or never made, is given back. */
  const guess = async (
    ctx: Koa.Context,
    typed: Credentials,
    signal: AbortSignal,
  ): Promise<Match | { kind: 'spent'; retryAfterSeconds: number; meant: readonly Account[] }> => {
    const claimants = typed.username === '' ? [] : accounts.claimants(typed.username)
    const attempt = await takeAll(attempts, loginSubjects(ctx, typed.username, claimants), { signal })
    if (attempt.kind === 'spent') return { ...attempt, meant: claimants }
    try {
      const match = await findAccount({ accounts, hasher }, typed, signal)
      if (match.kind === 'found') attempt.giveBack()
      return match
    } catch (error) {
      attempt.giveBack()
      throw error
    }
  }
  const enter = async (
    ctx: Koa.Context,
    account: Account,
    typed: Credentials,
    signal: AbortSignal,
  ): Promise<string> => {
    // As soon as the password was right: whatever ends the account's sessions from now on ends this one.
    const issuedAt = issueTime(ctx, account)
    await endEarlierSession(ctx, ledger, timeoutMs)
    await renewHash(ctx, { accounts, hasher, onAudit }, account, typed.password ?? '', signal)
    const returnTo = sessionHandle(ctx).current()?.returnTo
    const mustRename = account.claim === 'loser' && renamePath !== undefined
    openSession(ctx, account, { issuedAt, returnTo: mustRename ? returnTo : undefined })
    rememberDevice(ctx, account)
    audit(ctx, onAudit, { type: 'logged-in', userId: account.id })
    return mustRename ? renamePath : (returnTo ?? defaultPath)
  }

  return async (ctx) => {
    const typed = readCredentials(ctx)
    const signal = requestSignal(ctx, timeoutMs)
    const page = { view, page: 'login', username: typed.username } as const
    try {
      const match = await guess(ctx, typed, signal)
      if (match.kind === 'found') {
        respondLocation(ctx, 200, await enter(ctx, match.account, typed, signal))
        return
      }
      const userIds = match.meant.map(({ id }) => id)
      const isSpent = match.kind === 'spent'
      audit(ctx, onAudit, { type: 'login-refused', reason: isSpent ? 'THROTTLED' : match.kind, userIds })
      refuseWithForm(ctx, isSpent ? throttled(match.retryAfterSeconds) : wrongCredentials, page)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      audit(ctx, onAudit, { type: 'login-refused', reason: refusal.code, userIds: [] })
      refuseWithForm(ctx, refusal, page)
    }
  }
}

const endEarlierSession = async (
  ctx: Koa.Context,
  ledger: Pick<SessionLedger, 'end'> | undefined,
  timeoutMs: number,
): Promise<void> => {
  const earlier = sessionHandle(ctx).current()
  if (ledger === undefined || earlier?.userId === undefined) return
  await endSession(ctx, ledger, earlier, timeoutMs)
}
