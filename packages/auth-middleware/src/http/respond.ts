import type Koa from 'koa'

/** A program rather than a person's browser: its `Accept` puts JSON before HTML. */
export const prefersJson = (ctx: Koa.Context): boolean => {
  ctx.vary('Accept')
  return ctx.accepts('html', 'json') === 'json'
}

export const respondJson = (ctx: Koa.Context, status: number, body: Record<string, string>): void => {
  ctx.status = status
  ctx.body = body
}

/** Where to go on: a redirect for browsers, the same path as JSON for programs. */
export const respondLocation = (ctx: Koa.Context, jsonStatus: number, location: string): void => {
  forbidStoring(ctx)
  if (prefersJson(ctx)) {
    respondJson(ctx, jsonStatus, { location })
    return
  }
  ctx.redirect(location)
}

/** Keeps what is meant for one person out of caches, also the browser's after a logout. */
export const forbidStoring = (ctx: Koa.Context): void => {
  ctx.set('Cache-Control', 'no-store')
}
