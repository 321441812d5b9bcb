import type Koa from 'koa'

export interface ReadyGateOptions {
  /** Synchronous: it is asked on every request. */
  readonly isReady: () => boolean
}

const MESSAGE = 'This instance is starting and has not caught up yet. Try again in a moment.'
const RETRY_AFTER_SECONDS = '1'

/**
 * Lets nobody in before this node has caught up: it would tell people that they do not exist. Before `sessions()`, and
 * after what an operator needs to see. Throws a 503 with Retry-After, for the app's error page.
 */
export function readyGate({ isReady }: ReadyGateOptions): Koa.Middleware {
  return function readyGate(ctx, next) {
    if (isReady()) return next()
    ctx.set('Retry-After', RETRY_AFTER_SECONDS)
    return ctx.throw(503, MESSAGE, { expose: true, headers: { 'Retry-After': RETRY_AFTER_SECONDS } })
  }
}
