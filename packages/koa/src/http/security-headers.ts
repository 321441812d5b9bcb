import type Koa from 'koa'

const contentSecurityPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** What the pages that come with an app need; a page that loads more says so with a header of its own. */
export const securityHeaders: Koa.Middleware = (ctx, next) => {
  ctx.set('Content-Security-Policy', contentSecurityPolicy)
  ctx.set('X-Content-Type-Options', 'nosniff')
  ctx.set('Referrer-Policy', 'same-origin')
  return next()
}
