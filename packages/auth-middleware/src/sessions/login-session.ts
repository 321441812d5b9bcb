import type Koa from 'koa'
import type { Account } from '../account.ts'
import { sessionHandle } from './session-handle.ts'
import type { SessionLedger } from './session-ledger.ts'
import type { Session } from './session.ts'

/**
 * The earliest time that a session of the account can bear. The clock that ended the earlier ones may be ahead of
 * this one; a session that is opened now is later than they are.
 */
export const issueTime = (ctx: Koa.Context, account: Account): number =>
  Math.max(sessionHandle(ctx).now(), account.sessionsValidAfter + 1)

/**
 * A session that nobody can have seen before: a cookie planted in the browser gains nothing by the login. Nothing of
 * the former one is kept but what is given here.
 */
export const openSession = (
  ctx: Koa.Context,
  account: Account,
  { issuedAt = issueTime(ctx, account), returnTo }: { issuedAt?: number; returnTo?: string | undefined } = {},
): void => {
  sessionHandle(ctx).start({
    issuedAt,
    userId: account.id,
    ...(account.sessionEpoch === undefined ? {} : { epoch: account.sessionEpoch }),
    ...(returnTo === undefined ? {} : { returnTo }),
  })
}

/** Records the end of a session for as long as its cookie would be believed without the record. */
export const endSession = (
  ctx: Koa.Context,
  ledger: Pick<SessionLedger, 'end'>,
  session: Session,
  timeoutMs: number,
): Promise<void> => {
  const validUntil = sessionHandle(ctx).validUntil(session)
  return ledger.end(session.id, { validUntil, signal: AbortSignal.timeout(timeoutMs) })
}
