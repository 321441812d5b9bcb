import type Koa from 'koa'
import { createSession } from 'koa-session'
import { sessionsConfig, type SessionsConfig, type SessionsOptions } from './config.ts'
import { InvalidOptionError } from './errors.ts'
import { attachSessionHandle } from './session-handle.ts'
import { isLive, parseSession, type Session } from './session.ts'
import { verifiedCookies } from './verified-cookies.ts'

const COOKIE_NAME = { development: 'grapevine', production: '__Host-grapevine' } as const

/**
 * koa-session, set up so that its cookie can carry a login: SHA-256 signatures, `__Host-` with Secure,
 * HttpOnly and SameSite=Lax, and a content that is checked for shape and age on the server.
 * Must come before everything else of this package.
 *
 * In production the cookie is sent with Secure whatever the connection to this process: where TLS ends in a
 * proxy the request arrives over http, and koa would refuse to send it. No forwarded header is trusted for
 * that; a browser that really speaks http drops the cookie itself.
 *
 * @throws {InvalidOptionError} also when the app has sessions or other keys already
 */
export function sessions(app: Koa, options: SessionsOptions): Koa.Middleware {
  const config = sessionsConfig(options)
  claimApp(app, config)
  const cookieSession = createSession(app, cookieOptions(config))
  const koaSession = takeOver(app)
  const verified = verifiedCookies(config.keys, COOKIE_NAME[config.mode], config.verifiedCookies)

  /** koa-session, which checks the signature and sets the cookie, costs most of a request; often neither is due. */
  return async function sessions(ctx, next) {
    if (config.mode === 'production') ctx.cookies.secure = true
    const session = verified.get(ctx)
    if (session === undefined || !isLive(session, config.now(), config)) {
      attachSessionHandle(ctx, config, {
        read: () => verified.add(ctx, parseSession(koaSession.get(ctx))),
        write: (changed) => koaSession.set(ctx, changed),
      })
      return cookieSession(ctx, next)
    }
    let change: { readonly session: Session | undefined } | undefined
    attachSessionHandle(ctx, config, {
      read: () => session,
      write: (changed) => void (change = { session: changed }),
    })
    try {
      await next()
    } finally {
      const { session: changed } = change ?? {}
      if (change !== undefined) await cookieSession(ctx, async () => koaSession.set(ctx, changed))
    }
  }
}

interface KoaSession {
  get(ctx: Koa.Context): unknown
  /** koa-session keeps the object, so it gets its own. */
  set(ctx: Koa.Context, session: Session | undefined): void
}

/** From here on only this package writes `ctx.session`: others would lose what they write, or change who is logged in. */
function takeOver(app: Koa): KoaSession {
  const { get, set } = Object.getOwnPropertyDescriptor(app.context, 'session') ?? {}
  if (get === undefined || set === undefined) throw new TypeError('koa-session has not set up ctx.session')
  Object.defineProperty(app.context, 'session', {
    get: () => undefined,
    set() {
      throw new TypeError('ctx.session belongs to @grapevine/auth-middleware, do not write to it')
    },
    configurable: true,
  })
  return {
    get: (ctx): unknown => get.call(ctx),
    set: (ctx, session): void => set.call(ctx, session === undefined ? null : { ...session }),
  }
}

function claimApp(app: Koa, { keys }: SessionsConfig): void {
  if (Object.hasOwn(app.context, 'session')) {
    throw new InvalidOptionError('app', 'an app that has sessions already', 'sessions() once per app')
  }
  if (app.keys !== undefined && app.keys !== keys) {
    throw new InvalidOptionError('app.keys', 'set already', 'unset, or the same keys as given to sessions()')
  }
  app.keys = keys
}

function cookieOptions(config: SessionsConfig): Parameters<typeof createSession>[0] {
  return {
    key: COOKIE_NAME[config.mode],
    path: '/',
    secure: config.mode === 'production',
    httpOnly: true,
    sameSite: 'lax',
    // Only when the browser may forget the cookie; the server checks both lives by itself.
    maxAge: config.idleLifeMs,
    encode,
    decode,
    valid: (_ctx: unknown, session: Session) => isLive(session, config.now(), config),
  }
}

/** Only the session goes into the cookie; koa-session's own `_expire` and `_maxAge` are not relied on. */
function encode(content: unknown): string {
  const session = parseSession(content)
  if (session === undefined) throw new TypeError('not a session')
  return Buffer.from(JSON.stringify(session)).toString('base64url')
}

/** `undefined` makes koa-session go on as if no cookie had come; an error would make it answer 500. */
function decode(cookie: string): Session | undefined {
  try {
    return parseSession(JSON.parse(Buffer.from(cookie, 'base64url').toString()))
  } catch {
    return undefined
  }
}
