import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { pathOrRoot } from '../config.ts'
import { forbidStoring, prefersJson, respondJson } from '../http/respond.ts'
import { safeReturnPath } from '../http/safe-return-path.ts'
import { staleForm } from './stale-form.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

export interface RequireUserOptions {
  /** Where those go who are not logged in. @default '/' */
  readonly loginPath?: string
}

const checks = { loginPath: pathOrRoot } satisfies Checks<RequireUserOptions>

/**
 * Lets only a user pass. Others are sent to the login page, which brings them back to what they asked for
 * with GET; a program that prefers JSON gets 401. Must run after `authentication()`.
 * What passes is marked `Cache-Control: no-store`; a handler may say otherwise.
 */
export const requireUser = (options: RequireUserOptions = {}): Koa.Middleware => {
  const { loginPath } = checkOptions(options, checks)
  return (ctx, next) => {
    forbidStoring(ctx)
    if (ctx.state.user !== undefined) return next()
    turnAway(ctx, loginPath)
    return undefined
  }
}

/** To the login page, or 401. */
export const turnAway = (ctx: Koa.Context, loginPath: string): void => {
  if (prefersJson(ctx)) {
    respondJson(ctx, 401, { error: 'UNAUTHENTICATED', message: 'Log in first.' })
    return
  }
  rememberPath(ctx)
  ctx.redirect(loginPath)
}

const rememberPath = (ctx: Koa.Context): void => {
  const returnTo = pageOf(ctx)
  if (returnTo === undefined) return
  const handle = sessionHandle(ctx)
  const session = handle.current() ?? handle.start({ issuedAt: handle.now() })
  handle.update({ ...session, returnTo })
}

/** What can be opened again: what was asked for, or the page of this site that the form stood on. */
const pageOf = (ctx: Koa.Context): string | undefined => {
  if (ctx.method === 'GET' && staleForm(ctx) === undefined) return safeReturnPath(ctx.originalUrl)
  const referrer = ctx.get('Referer')
  if (!URL.canParse(referrer)) return undefined
  const { host, pathname, search } = new URL(referrer)
  return host === ctx.host.toLowerCase() ? safeReturnPath(pathname + search) : undefined
}
