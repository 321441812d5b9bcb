import type Koa from 'koa'
import type { Settings } from '../settings/settings.ts'

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** A year, in seconds. */
const httpsFor = 31_536_000

/** What the pages that come with an app need; a page that loads more says so with a header of its own. */
export const securityHeaders = ({ publicUrl }: Pick<Settings, 'publicUrl'>): Koa.Middleware => {
  const isHttps = publicUrl?.startsWith('https:') === true
  return (ctx, next) => {
    ctx.set('Content-Security-Policy', contentSecurityPolicy)
    ctx.set('X-Content-Type-Options', 'nosniff')
    ctx.set('Referrer-Policy', 'same-origin')
    if (isHttps) ctx.set('Strict-Transport-Security', `max-age=${httpsFor}`)
    return next()
  }
}
