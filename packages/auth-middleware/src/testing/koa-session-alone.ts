import type Koa from 'koa'
import { sessionsConfig, type SessionsOptions } from '../config.ts'
import { addMaxAge, koaSessionCookie } from '../sessions/koa-session-cookie.ts'
import { sessionLifetimes } from '../sessions/session-lifetimes.ts'
import { attachSession, noChange } from '../sessions/session-handle.ts'

/** `sessions()` the long way: koa-session round each request, reading every cookie itself. The model in tests. */
export const koaSessionAlone = (app: Koa, options: SessionsOptions): Koa.Middleware => {
  const config = sessionsConfig(options)
  const koaSession = koaSessionCookie(app, config, sessionLifetimes(config))
  return async (ctx, next) => {
    if (config.mode === 'production') ctx.cookies.secure = true
    const attached = attachSession(ctx, config, koaSession.get)
    await koaSession.commitAfter(ctx, async () => {
      try {
        await next()
      } finally {
        if (attached.change !== noChange) koaSession.set(ctx, attached.change)
      }
    })
    addMaxAge(ctx, config)
  }
}
