import { callback, checkOptions, optional, withMethods, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { Account, Accounts } from '../account.ts'
import type { OnAudit } from '../audit-event.ts'
import { attachAuth, authContext } from '../auth-context.ts'
import type { DeviceDirectory } from '../devices/device-directory.ts'
import type { AccountHistory } from '../devices/account-history.ts'
import { accountOf } from '../sessions/login-session.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import type { SessionLedger } from '../sessions/session-ledger.ts'

/** Who is logged in, as `ctx.state.user` says it. No secret of the account is in it: it may be sent out whole. */
export interface SignedInUser {
  readonly id: string
  readonly username: string
  readonly claim: 'sole' | 'owner' | 'loser'
  readonly roles: readonly string[]
}

declare module 'koa' {
  interface DefaultState {
    /** Set by `authentication()` on each request; `undefined`: nobody is logged in. */
    user?: SignedInUser | undefined
  }
}

export interface AuthenticationOptions {
  readonly accounts: Pick<Accounts, 'get'>
  readonly ledger: SessionLedger
  /** Where people have logged in, for `ownDevices`. @default nobody keeps a list */
  readonly devices?: DeviceDirectory
  /** What happened to accounts, for `accountNews`. @default nothing is told but new devices */
  readonly history?: AccountHistory
  /** Told what happens at the door, by every handler and guard that comes after. @default nobody is told */
  readonly onAudit?: OnAudit
}

const checks = {
  accounts: withMethods<Pick<Accounts, 'get'>>('get'),
  ledger: withMethods<SessionLedger>('isEnded', 'end'),
  devices: optional(withMethods<DeviceDirectory>('add', 'of')),
  history: optional(withMethods<AccountHistory>('since')),
  onAudit: optional(callback<OnAudit>()),
} satisfies Checks<AuthenticationOptions>

/**
 * Sets `ctx.state.user` from the session, on every request, without waiting for anything. A session that
 * does not stand for a user is left as it is: the account may be unknown here only because this node has not
 * heard of it yet.
 */
export const authentication = (options: AuthenticationOptions): Koa.Middleware => {
  const ports = checkOptions(options, checks)
  return (ctx, next) => {
    attachAuth(ctx, ports)
    const session = sessionHandle(ctx).current()
    const account = session === undefined ? undefined : accountOf(session, ports.accounts, ports.ledger)
    ctx.state.user = account === undefined ? undefined : publicPart(account)
    return next()
  }
}

/**
 * Another account of the one who asks: their password opened it as well when they logged in, so they have signed up with it on
 * both sides of a split. For a page that offers to take over what it holds, or to erase it.
 */
export const twinOf = (ctx: Koa.Context): SignedInUser | undefined => {
  const twin = ctx.state.user === undefined ? undefined : sessionHandle(ctx).current()?.twin
  const account = twin === undefined ? undefined : authContext(ctx).accounts.get(twin)
  return account === undefined || account.disabled ? undefined : publicPart(account)
}

const noRoles: readonly string[] = []

const publicPart = ({ id, username, claim = 'sole', roles = noRoles }: Account): SignedInUser => ({
  id,
  username,
  claim,
  roles,
})
