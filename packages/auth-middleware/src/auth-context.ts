import type Koa from 'koa'
import type { Account, Accounts } from './account.ts'
import type { OnAudit } from './audit-event.ts'
import type { DeviceDirectory } from './devices/device-directory.ts'
import type { AccountHistory } from './devices/account-history.ts'
import { MissingAuthenticationError } from './errors.ts'
import type { SessionLedger } from './sessions/session-ledger.ts'

/** What `authentication()` was given: the handlers and guards after it use the same. */
export interface AuthContext {
  readonly accounts: Pick<Accounts, 'get'>
  readonly ledger: SessionLedger
  readonly devices: DeviceDirectory | undefined
  readonly history: AccountHistory | undefined
  readonly onAudit: OnAudit | undefined
}

/** A property, as the session handle is one. */
const contextKey: unique symbol = Symbol('authentication')

export const attachAuth = (ctx: Koa.Context, context: AuthContext): void => {
  ctx[contextKey] = context
}

/** @throws {MissingAuthenticationError} */
export const authContext = (ctx: Koa.Context): AuthContext => {
  const context: AuthContext | undefined = ctx[contextKey]
  if (context === undefined) throw new MissingAuthenticationError()
  return context
}

/** The account of who is logged in, as it is now, with all of its secrets. */
export const signedInAccount = (ctx: Koa.Context): Account | undefined => {
  const { user } = ctx.state
  return user === undefined ? undefined : authContext(ctx).accounts.get(user.id)
}
