import { timingSafeEqual } from 'node:crypto'
import type Keygrip from 'keygrip'
import type Koa from 'koa'
import { decodeSession, type Session } from './session.ts'

/**
 * The short way to the session of a cookie that is signed with the newest key: most of them. It answers a pure
 * question: these bytes, under this key; so it can remember the answers. A cookie is found only with all of its bytes
 * and all of its signature; an altered one is another one. Whether the session is still alive, ended or revoked is never
 * answered from here. New keys mean new `sessions()`, and an empty memory.
 */
export interface VerifiedCookies {
  /**
   * What the request's cookie holds. `undefined` when it is not signed with the newest key, or holds no session: such
   * a cookie may have to be renewed or taken away, which is for koa-session to say.
   */
  read(ctx: Koa.Context): Session | undefined
}

const unsigned = { signed: false } as const
/** Characters of a cookie with its signature; a longer one carries a long path to return to, and is used once or twice. */
const maxKeptLength = 1024

/** @param limit cookies that are remembered; when full, the one that was added first makes room */
export const verifiedCookies = (
  keys: Pick<Keygrip, 'sign'>,
  name: string,
  limit: number,
): VerifiedCookies => {
  const sessions = new Map<string, Session>()
  const signatureName = `${name}.sig`

  const verify = (value: string, signature: string): Session | undefined => {
    if (!isSame(signature, keys.sign(`${name}=${value}`))) return undefined
    const session = decodeSession(value)
    return session === undefined ? undefined : Object.freeze(session)
  }

  const keep = (cookie: string, session: Session): void => {
    if (limit === 0 || cookie.length > maxKeptLength) return
    if (sessions.size >= limit) evictOldest(sessions)
    sessions.set(cookie, session)
  }

  return {
    read(ctx) {
      const value = ctx.cookies.get(name, unsigned)
      const signature = ctx.cookies.get(signatureName, unsigned)
      if (value === undefined || signature === undefined) return undefined
      // No cookie holds a semicolon, so two different pairs are two different texts.
      const cookie = `${value};${signature}`
      const known = sessions.get(cookie)
      if (known !== undefined) return known
      const session = verify(value, signature)
      if (session !== undefined) keep(cookie, session)
      return session
    },
  }
}

/** Takes the same time wherever they differ. */
const isSame = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const evictOldest = (sessions: Map<string, Session>): void => {
  const [oldest] = sessions.keys()
  if (oldest !== undefined) sessions.delete(oldest)
}
