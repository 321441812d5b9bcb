import type Koa from 'koa'
import { createSession } from 'koa-session'
import type { IsLive } from './session-lifetimes.ts'
import type { SessionsConfig } from '../config.ts'
import { InvalidOptionError } from '@grapevine/std'
import { decodeSession, encodeSession, parseSession, type Session } from './session.ts'

export const cookieName = { development: 'grapevine', production: '__Host-grapevine' } as const

/** koa-session, which sets every cookie that carries a session, and judges every one that it may have to renew. */
export interface KoaSessionCookie {
  /** The session of the request, or the one that was set since. */
  get(ctx: Koa.Context): Session | undefined
  /** Puts a session in the place of whatever was there, or takes the cookie away. */
  set(ctx: Koa.Context, session: Session | undefined): void
  /** Sets the cookie after `next`, if the session is another one then. */
  commitAfter(ctx: Koa.Context, next: () => Promise<void>): Promise<void>
}

/** @throws {InvalidOptionError} when the app has sessions or other keys already */
export const koaSessionCookie = (app: Koa, config: SessionsConfig, isLive: IsLive): KoaSessionCookie => {
  claimApp(app, config)
  const commitAfter = createSession(app, cookieOptions(config, isLive))
  return { ...takeOver(app), commitAfter }
}

/**
 * Adds `max-age` to the session's cookies where they are set: `expires` is a time of this node's clock, `max-age`, which
 * browsers prefer, is right whatever that clock says.
 */
export const addMaxAge = (ctx: Koa.Context, { mode, idleLifeMs }: SessionsConfig): void => {
  const lines: unknown = ctx.response.get('Set-Cookie')
  if (!Array.isArray(lines)) return
  const names = [`${cookieName[mode]}=`, `${cookieName[mode]}.sig=`]
  const isSet = (line: string): boolean =>
    names.some((name) => line.startsWith(name) && !line.startsWith(`${name};`)) &&
    !line.includes('; max-age=')
  const maxAge = `; max-age=${Math.floor(idleLifeMs / 1000)}`
  ctx.set(
    'Set-Cookie',
    lines.map((line: string) => (isSet(line) ? line + maxAge : line)),
  )
}

/** From here on only this package writes `ctx.session`: others would lose what they write, or change who is logged in. */
const takeOver = (app: Koa): Pick<KoaSessionCookie, 'get' | 'set'> => {
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
    get: (ctx) => parseSession(get.call(ctx)),
    // koa-session keeps the object, so it gets its own.
    set: (ctx, session) => set.call(ctx, session === undefined ? null : { ...session }),
  }
}

const claimApp = (app: Koa, { keys }: SessionsConfig): void => {
  if (Object.hasOwn(app.context, 'session')) {
    throw new InvalidOptionError('app', 'an app that has sessions already', 'sessions() once per app')
  }
  if (app.keys !== undefined && app.keys !== keys) {
    throw new InvalidOptionError('app.keys', 'set already', 'unset, or the same keys as given to sessions()')
  }
  app.keys = keys
}

const cookieOptions = (config: SessionsConfig, isLive: IsLive): Parameters<typeof createSession>[0] => {
  return {
    key: cookieName[config.mode],
    path: '/',
    secure: config.mode === 'production',
    httpOnly: true,
    sameSite: 'lax',
    // Only when the browser may forget the cookie; the server checks both lives by itself.
    maxAge: config.idleLifeMs,
    encode: encodeSession,
    decode: decodeSession,
    valid: (_ctx: unknown, session: Session) => isLive(session, config.now()),
  }
}
