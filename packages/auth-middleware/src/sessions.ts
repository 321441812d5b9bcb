import type Koa from 'koa'
import { createSession } from 'koa-session'
import { sessionsConfig, type SessionsConfig, type SessionsOptions } from './config.ts'
import { InvalidOptionError } from './errors.ts'
import { attachSessionHandle } from './session-handle.ts'
import { isLive, parseSession, type Session } from './session.ts'

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
  return async function sessions(ctx, next) {
    if (config.mode === 'production') ctx.cookies.secure = true
    attachSessionHandle(ctx, config)
    await cookieSession(ctx, next)
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
  if (session === undefined) {
    throw new TypeError('ctx.session holds no session; it belongs to this package, do not write to it')
  }
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
