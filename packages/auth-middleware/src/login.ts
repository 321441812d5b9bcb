import type Koa from 'koa'
import type { Account, Accounts } from './account.ts'
import { audit, type OnAudit } from './audit.ts'
import { pathConfig, timeoutConfig } from './config.ts'
import { readCredentials } from './credentials.ts'
import { endSession } from './end-session.ts'
import { findAccount } from './find-account.ts'
import type { View } from './form.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { refusalOf, refuseWithForm, wrongCredentials } from './refusal.ts'
import { requestSignal } from './request-signal.ts'
import { respondLocation } from './respond.ts'
import { sessionHandle } from './session-handle.ts'
import type { SessionLedger } from './session-ledger.ts'

export interface LoginOptions {
  readonly accounts: Pick<Accounts, 'get' | 'claimants'>
  readonly hasher: PasswordHasher
  readonly view: View
  /** Where to go when no path was remembered. @default '/' */
  readonly defaultPath?: string
  /** With it, whoever logs in while logged in ends the earlier session. */
  readonly ledger?: Pick<SessionLedger, 'end'>
  /** Milliseconds that the whole may take. @default 10 s */
  readonly timeoutMs?: number
  readonly onAudit?: OnAudit
}

/**
 * POST: opens the account whose password was typed. Whatever else is the case (no such name, wrong password,
 * disabled, contested and undecidable), the answer is the same form with the same sentence.
 */
export function login(options: LoginOptions): Koa.Middleware {
  const defaultPath = pathConfig('defaultPath', options.defaultPath ?? '/')
  const timeoutMs = timeoutConfig(options.timeoutMs)
  const { view, ledger, onAudit } = options
  return async function login(ctx) {
    const typed = readCredentials(ctx)
    const signal = requestSignal(ctx, timeoutMs)
    const page = { view, page: 'login', username: typed.username } as const
    try {
      const match = await findAccount(options, typed, signal)
      if (match.kind === 'found') {
        const issuedAt = issueTime(ctx, match.account)
        await endEarlierSession(ctx, ledger, timeoutMs)
        const returnTo = openSession(ctx, match.account, issuedAt) ?? defaultPath
        audit(ctx, onAudit, { type: 'logged-in', userId: match.account.id })
        respondLocation(ctx, 200, returnTo)
        return
      }
      const userIds = match.meant.map(({ id }) => id)
      audit(ctx, onAudit, { type: 'login-refused', reason: match.kind, userIds })
      refuseWithForm(ctx, wrongCredentials, page)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      audit(ctx, onAudit, { type: 'login-refused', reason: refusal.code, userIds: [] })
      refuseWithForm(ctx, refusal, page)
    }
  }
}

/**
 * Taken as soon as the password was right: whatever ends the account's sessions from now on ends this one.
 * The clock that ended the earlier ones may be ahead of this one; this session is later than they are.
 */
function issueTime(ctx: Koa.Context, account: Account): number {
  return Math.max(sessionHandle(ctx).now(), account.sessionsValidAfter + 1)
}

/** A session that nobody can have seen before: a cookie planted in the browser gains nothing by the login. */
function openSession(ctx: Koa.Context, account: Account, issuedAt: number): string | undefined {
  const handle = sessionHandle(ctx)
  const returnTo = handle.current()?.returnTo
  handle.start({ issuedAt, userId: account.id })
  return returnTo
}

async function endEarlierSession(
  ctx: Koa.Context,
  ledger: Pick<SessionLedger, 'end'> | undefined,
  timeoutMs: number,
): Promise<void> {
  const earlier = sessionHandle(ctx).current()
  if (ledger === undefined || earlier?.userId === undefined) return
  await endSession(ctx, ledger, earlier, timeoutMs)
}
