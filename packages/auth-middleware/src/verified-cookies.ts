import type Keygrip from 'keygrip'
import type Koa from 'koa'
import type { Session } from './session.ts'

/**
 * Cookies whose signature was found right, so that it need not be computed for each request. It is a cache of a pure
 * question: these bytes, under these keys. A cookie is found only with all of its bytes and all of its signature; an
 * altered one is another one. Whether the session is still alive, ended or revoked is never answered from here, and a
 * signature of an older key is not kept, so that it is renewed as ever. New keys mean new `sessions()`, and an empty cache.
 */
export interface VerifiedCookies {
  /** What the request's cookie holds, if it is here. */
  get(ctx: Koa.Context): Session | undefined
  /** Keeps and returns what the request's cookie was found to hold. */
  add(ctx: Koa.Context, session: Session | undefined): Session | undefined
}

/** When full, the one that was added first makes room. */
export function verifiedCookies(keys: Keygrip, name: string, limit: number): VerifiedCookies {
  const sessions = new Map<string, Session>()

  const signed = (ctx: Koa.Context): { value: string; signature: string } | undefined => {
    const value = ctx.cookies.get(name, { signed: false })
    const signature = ctx.cookies.get(`${name}.sig`, { signed: false })
    return value === undefined || signature === undefined ? undefined : { value, signature }
  }
  // No cookie holds a semicolon, so two different pairs are two different texts.
  const keyOf = ({ value, signature }: { value: string; signature: string }): string =>
    `${value};${signature}`

  return {
    get(ctx) {
      if (sessions.size === 0) return undefined
      const cookie = signed(ctx)
      return cookie === undefined ? undefined : sessions.get(keyOf(cookie))
    },
    add(ctx, session) {
      const cookie = signed(ctx)
      if (session === undefined || cookie === undefined || limit === 0) return session
      if (keys.index(`${name}=${cookie.value}`, cookie.signature) !== 0) return session
      if (sessions.size >= limit) evictOldest(sessions)
      const kept = Object.freeze(session)
      sessions.set(keyOf(cookie), kept)
      return kept
    },
  }
}

function evictOldest(sessions: Map<string, Session>): void {
  const [oldest] = sessions.keys()
  if (oldest !== undefined) sessions.delete(oldest)
}
