import { checkOptions, html, optional, orElse, render, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { provesSecret } from './anti-forgery-token.ts'
import { safeMethods } from './availability.ts'
import { audit } from '../audit.ts'
import { origins, path } from '../config.ts'
import { showAgain } from './stale-form.ts'
import { formField } from '../http/form-field.ts'
import { problemView, type ProblemView } from '../http/problem-view.ts'
import { prefersJson, respondJson } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

const maxTokenLength = 64
const tooOld = 'This form is too old. Fetch a new one and send it again.'
const foreign =
  'This form came from another site, or its address does not match the one of this site. Nothing was done. Open the page here and send it again.'

export interface AntiForgeryOptions {
  /**
   * The site's own origins, such as `https://example.org`, when a proxy changes the Host header.
   * @default the host of `Origin` must be the request's own (`ctx.host`, which heeds `app.proxy`)
   */
  readonly origins?: readonly string[]
  /** Where `logout` is. A log-out there by somebody who is not logged in needs no token. @default '/logout' */
  readonly logoutPath?: string
  /** The page for a form from another site; the status is set. It must set no cookie. @default a plain page */
  readonly problem?: ProblemView
}

const checks = {
  origins: optional(origins),
  logoutPath: orElse(path, '/logout'),
  problem: problemView,
} satisfies Checks<AntiForgeryOptions>

/**
 * Answers 403 to every request with an unsafe method that did not come from a page of this site and session:
 * what the browser says of its source must be right, and a token bound to the session must be there, in the
 * form field `_csrf` or the header `x-csrf-token`; the query is not looked at. No session, no way in.
 *
 * Who sends a form of this site whose token is no longer good gets it back, filled in, with a new token: see `staleForm`. What
 * came from another site is refused for good, and touches no cookie.
 *
 * It must run after `authentication()` and the body parser, and before anything that acts.
 */
export const antiForgery = (options: AntiForgeryOptions = {}): Koa.Middleware => {
  const checked = checkOptions(options, checks)
  const own = checked.origins === undefined ? undefined : new Set(checked.origins)
  return (ctx, next) => {
    if (safeMethods.has(ctx.method)) return next()
    if (!isOwnSource(ctx, own)) {
      audit(ctx, { type: 'forgery-refused', reason: 'FOREIGN' })
      // No new session here: a stranger's form could otherwise log a person out.
      return refuseForeign(ctx, checked.problem)
    }
    if (holdsToken(ctx) || isIdleLogout(ctx, checked.logoutPath)) return next()
    audit(ctx, { type: 'forgery-refused', reason: 'STALE' })
    if (!prefersJson(ctx)) return showAgain(ctx, next)
    return respondJson(ctx, 403, { error: 'FORGED', message: tooOld })
  }
}

const refuseForeign = (ctx: Koa.Context, problem: ProblemView | undefined): void => {
  if (prefersJson(ctx)) return respondJson(ctx, 403, { error: 'FORGED', message: foreign })
  ctx.status = 403
  if (problem !== undefined) return problem(ctx, foreign)
  ctx.type = 'html'
  ctx.body = render(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>Not allowed</title>
        </head>
        <body>
          <main>
            <h1>Not allowed</h1>
            <p role="alert">${foreign}</p>
          </main>
        </body>
      </html>`,
  )
}

/** Who is logged out already is where they want to be: a second log-out needs no token, as it changes nothing. */
const isIdleLogout = (ctx: Koa.Context, logoutPath: string): boolean =>
  ctx.path === logoutPath && ctx.state.user === undefined

/** Pages cannot forge these headers; old browsers and programs may not send them. */
const isOwnSource = (ctx: Koa.Context, origins: ReadonlySet<string> | undefined): boolean => {
  const site = ctx.get('Sec-Fetch-Site')
  if (site !== '' && site !== 'same-origin' && site !== 'none') return false
  const origin = ctx.get('Origin')
  if (origin === '') return site !== '' || isOwnReferrer(ctx, origins)
  // A page with `Referrer-Policy: no-referrer` hides its origin from its own site, too.
  if (origin === 'null') return site === 'same-origin'
  return origins === undefined ? hostOf(origin) === ctx.host.toLowerCase() : origins.has(origin)
}

/** Neither header: a program, or a browser of before 2020, which sends at least this one, if it is let. */
const isOwnReferrer = (ctx: Koa.Context, origins: ReadonlySet<string> | undefined): boolean => {
  const referrer = ctx.get('Referer')
  if (referrer === '') return true
  if (!URL.canParse(referrer)) return false
  const { host, origin } = new URL(referrer)
  return origins === undefined ? host === ctx.host.toLowerCase() : origins.has(origin)
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined

const holdsToken = (ctx: Koa.Context): boolean => {
  const session = sessionHandle(ctx).current()
  const token = ctx.get('x-csrf-token') || formField(ctx, '_csrf', maxTokenLength)
  return session !== undefined && token !== undefined && provesSecret(token, session.csrf)
}
