import { callback, checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import type { SignedInUser } from './authentication.ts'
import { turnAway } from './require-user.ts'
import { audit } from '../audit.ts'
import { pathOrRoot } from '../config.ts'
import { forbidStoring } from '../http/respond.ts'

export interface AuthorizeOptions {
  /**
   * Whether this user may. Ask for their id, or a role that was granted to the account: a name belongs to whoever signs up
   * with it first, or takes it after it was given up. Synchronous, asked on every request.
   */
  readonly allow: (user: SignedInUser) => boolean
  /** Where those go who are not logged in. @default '/' */
  readonly loginPath?: string
}

const checks = {
  allow: callback<AuthorizeOptions['allow']>(),
  loginPath: pathOrRoot,
} satisfies Checks<AuthorizeOptions>

/** Lets only certain users pass: others are refused with 403, for the app's error page, and guests as by `requireUser`. */
export const authorize = (options: AuthorizeOptions): Koa.Middleware => {
  const { allow, loginPath } = checkOptions(options, checks)
  return (ctx, next) => {
    forbidStoring(ctx)
    const { user } = ctx.state
    if (user === undefined) return turnAway(ctx, loginPath)
    if (allow(user)) return next()
    audit(ctx, { type: 'access-refused', path: ctx.path })
    return ctx.throw(403, 'Your account may not do this.', { expose: true })
  }
}
