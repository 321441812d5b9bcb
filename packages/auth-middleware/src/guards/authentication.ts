import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import type { SessionLedger } from '../sessions/session-ledger.ts'
import type { Session } from '../sessions/session.ts'

/** What `authentication` puts on `ctx.state`. */
export interface AuthenticationState {
  user: Account | undefined
}

/**
 * Sets `ctx.state.user` from the session, on every request, without waiting for anything. A session that
 * does not stand for a user is left as it is: the account may be unknown here only because this node has not
 * heard of it yet.
 */
export const authentication =
  ({
    accounts,
    ledger,
  }: {
    accounts: Pick<Accounts, 'get'>
    ledger: Pick<SessionLedger, 'isEnded'>
  }): Koa.Middleware =>
  (ctx, next) => {
    const session = sessionHandle(ctx).current()
    const state: AuthenticationState = ctx.state
    state.user = session === undefined ? undefined : userOf(session, accounts, ledger)
    return next()
  }

const userOf = (
  session: Session,
  accounts: Pick<Accounts, 'get'>,
  ledger: Pick<SessionLedger, 'isEnded'>,
): Account | undefined => {
  if (session.userId === undefined || ledger.isEnded(session.id)) return undefined
  const account = accounts.get(session.userId)
  if (account === undefined || account.disabled) return undefined
  if (session.epoch !== account.sessionEpoch) return undefined
  return session.issuedAt > account.sessionsValidAfter ? account : undefined
}
