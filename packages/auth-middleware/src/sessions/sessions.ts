import type Koa from 'koa'
import { sessionsConfig, type SessionsOptions } from '../config.ts'
import { addMaxAge, cookieName, koaSessionCookie } from './koa-session-cookie.ts'
import { attachSession, noChange } from './session-handle.ts'
import { sessionLifetimes } from './session-lifetimes.ts'
import type { Session } from './session.ts'
import { verifiedCookies } from './verified-cookies.ts'

/**
 * koa-session, set up so that its cookie can carry a login: SHA-256 signatures, `__Host-` with Secure,
 * HttpOnly and SameSite=Lax, and a content that is checked for shape and age on the server.
 * Must come before everything else of this package.
 *
 * koa-session is asked where it has something to do: to set a cookie, and to judge one that is not just as it would
 * sign it now. Most requests need neither and do without it; the answers are the same (`same-answers.test.ts`).
 *
 * In production the cookie is sent with Secure whatever the connection to this process: where TLS ends in a
 * proxy the request arrives over http, and koa would refuse to send it. No forwarded header is trusted for
 * that; a browser that really speaks http drops the cookie itself.
 *
 * @throws {InvalidOptionError} also when the app has sessions or other keys already
 */
export const sessions = (app: Koa, options: SessionsOptions): Koa.Middleware => {
  const config = sessionsConfig(options)
  const isLive = sessionLifetimes(config)
  const koaSession = koaSessionCookie(app, config, isLive)
  const verified = verifiedCookies(config.keys, cookieName[config.mode], config.verifiedCookies)

  const read = (ctx: Koa.Context): Session | undefined => {
    const session = verified.read(ctx)
    if (session !== undefined && isLive(session, config.now())) return session
    return koaSession.get(ctx)
  }

  const write = (ctx: Koa.Context, session: Session | undefined): Promise<void> => {
    return koaSession.commitAfter(ctx, async () => {
      // It sets the cookie if the session is another one than it has read.
      koaSession.get(ctx)
      koaSession.set(ctx, session)
    })
  }

  return async (ctx, next) => {
    if (config.mode === 'production') ctx.cookies.secure = true
    const attached = attachSession(ctx, config, read)
    try {
      await next()
    } finally {
      if (attached.change !== noChange) await write(ctx, attached.change)
      addMaxAge(ctx, config)
    }
  }
}
