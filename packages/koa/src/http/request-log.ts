import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type Koa from 'koa'
import type { Logger } from 'pino'

interface RequestContext {
  readonly requestId: string
}

const contexts = new AsyncLocalStorage<RequestContext>()

/** For pino's `mixin`: every line that is written while a request is answered names that request. */
export const requestFields = (): Partial<RequestContext> => ({ ...contexts.getStore() })

/** What a proxy in front may hand in: enough for a UUID or a trace id, and nothing that could forge a log. */
const acceptable = /^[A-Za-z0-9._:-]{1,64}$/

/** Asked every second by machines, which look at the answer themselves. */
const polled: readonly string[] = ['/healthz', '/readyz', '/metrics']

const levelOf = (path: string, status: number): 'trace' | 'debug' | 'warn' => {
  if (polled.includes(path)) return 'trace'
  return status >= 500 ? 'warn' : 'debug'
}

/** Gives each request an id, that of the proxy in front if it sent one, and a line in the log when it is over. */
export const requestLog =
  (log: Logger): Koa.Middleware =>
  (ctx, next) => {
    const given = ctx.get('X-Request-Id')
    const requestId = acceptable.test(given) ? given : randomUUID()
    ctx.set('X-Request-Id', requestId)
    const start = performance.now()
    return contexts.run({ requestId }, () => {
      ctx.res.once('close', () => {
        const { method, path, status } = ctx
        const ms = Math.round(performance.now() - start)
        // Outside of the context by now: who closes a connection is no part of the request.
        log[levelOf(path, status)]({ requestId, method, path, status, ms }, 'answered')
      })
      return next()
    })
  }
