import type Koa from 'koa'
import type { Account } from '../account.ts'
import { authContext } from '../auth-context.ts'
import { sessionHandle } from './session-handle.ts'
import type { Session } from './session.ts'

/**
 * A session that nobody can have seen before: a cookie planted in the browser gains nothing by the login. Nothing of
 * the former one is kept but what is given here.
 */
export const openSession = (
  ctx: Koa.Context,
  account: Account,
  { returnTo }: { returnTo?: string | undefined } = {},
): void => {
  const handle = sessionHandle(ctx)
  handle.start({
    issuedAt: handle.now(),
    userId: account.id,
    epoch: account.sessionEpoch,
    ...(returnTo === undefined ? {} : { returnTo }),
  })
}

/** Records the end of a session for as long as its cookie would be believed without the record. */
export const recordEnd = (ctx: Koa.Context, session: Session, timeoutMs: number): Promise<void> => {
  const validUntil = sessionHandle(ctx).validUntil(session)
  const { ledger } = authContext(ctx)
  return ledger.end(session.id, { validUntil, signal: AbortSignal.timeout(timeoutMs) })
}
