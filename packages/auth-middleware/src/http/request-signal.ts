import type Koa from 'koa'

/**
 * Aborts when the client is gone or the time is up, so that a flood whose senders hang up leaves the queue.
 * For work that only this answer needs; a write that was begun is not called back by a closed tab.
 */
export const requestSignal = (ctx: Koa.Context, timeoutMs: number): AbortSignal => {
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort())
  return AbortSignal.any([gone.signal, AbortSignal.timeout(timeoutMs)])
}
