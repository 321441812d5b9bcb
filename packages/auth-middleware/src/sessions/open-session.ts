import type Koa from 'koa'
import type { Account } from '../account.ts'
import { sessionHandle } from './session-handle.ts'

/**
 * The earliest time that a session of the account can bear. The clock that ended the earlier ones may be ahead of
 * this one; a session that is opened now is later than they are.
 */
export function issueTime(ctx: Koa.Context, account: Account): number {
  return Math.max(sessionHandle(ctx).now(), account.sessionsValidAfter + 1)
}

/**
 * A session that nobody can have seen before: a cookie planted in the browser gains nothing by the login. Nothing of
 * the former one is kept but what is given here.
 */
export function openSession(
  ctx: Koa.Context,
  account: Account,
  { issuedAt = issueTime(ctx, account), returnTo }: { issuedAt?: number; returnTo?: string | undefined } = {},
): void {
  sessionHandle(ctx).start({
    issuedAt,
    userId: account.id,
    ...(account.sessionEpoch === undefined ? {} : { epoch: account.sessionEpoch }),
    ...(returnTo === undefined ? {} : { returnTo }),
  })
}
