import { checkOptions, optional, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { provesSecret } from './anti-forgery-token.ts'
import { safeMethods } from './gates.ts'
import { audit } from '../audit.ts'
import { origins } from '../config.ts'
import { formField } from '../http/form-field.ts'
import { prefersJson, respondJson } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

const maxTokenLength = 64
const explanation =
  'This form is too old or came from another site. Go back, reload the page and send it again.'

export interface AntiForgeryOptions {
  /**
   * The site's own origins, such as `https://example.org`, when a proxy changes the Host header.
   * @default the host of `Origin` must be the request's own (`ctx.host`, which heeds `app.proxy`)
   */
  readonly origins?: readonly string[]
}

const checks = { origins: optional(origins) } satisfies Checks<AntiForgeryOptions>

/**
 * Answers 403 to every request with an unsafe method that did not come from a page of this site and session:
 * what the browser says of its source must be right, and a token bound to the session must be there, in the
 * form field `_csrf` or the header `x-csrf-token`; the query is not looked at. No session, no way in.
 *
 * It must run after `sessions()` and the body parser, and before anything that acts.
 */
export const antiForgery = (options: AntiForgeryOptions = {}): Koa.Middleware => {
  const checked = checkOptions(options, checks)
  const own = checked.origins === undefined ? undefined : new Set(checked.origins)
  return (ctx, next) => {
    if (safeMethods.has(ctx.method) || (isOwnSource(ctx, own) && holdsToken(ctx))) return next()
    audit(ctx, { type: 'forgery-refused' })
    // No new session here: a stranger's form could otherwise log a person out.
    ctx.status = 403
    if (prefersJson(ctx)) respondJson(ctx, 403, { error: 'FORGED', message: explanation })
    else ctx.body = explanation
    return undefined
  }
}

/** Pages cannot forge these headers; old browsers and programs may not send them. */
const isOwnSource = (ctx: Koa.Context, origins: ReadonlySet<string> | undefined): boolean => {
  const site = ctx.get('Sec-Fetch-Site')
  if (site !== '' && site !== 'same-origin' && site !== 'none') return false
  const origin = ctx.get('Origin')
  if (origin === '') return true
  // A page with `Referrer-Policy: no-referrer` hides its origin from its own site, too.
  if (origin === 'null') return site === 'same-origin'
  return origins === undefined ? hostOf(origin) === ctx.host.toLowerCase() : origins.has(origin)
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined

const holdsToken = (ctx: Koa.Context): boolean => {
  const session = sessionHandle(ctx).current()
  const token = ctx.get('x-csrf-token') || formField(ctx, '_csrf', maxTokenLength)
  return session !== undefined && token !== undefined && provesSecret(token, session.csrf)
}
