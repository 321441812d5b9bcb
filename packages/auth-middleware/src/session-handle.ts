import type Koa from 'koa'
import type { SessionsConfig } from './config.ts'
import { MissingSessionsError } from './errors.ts'
import { newSession, parseSession, touched, type Session } from './session.ts'

/** The session of one request, as the other middleware of this package uses it. */
export interface SessionHandle {
  readonly now: () => number
  readonly random: (bytes: number) => Buffer
  /** The session that came with the request, or that was started since. Never an expired or altered one. */
  current(): Session | undefined
  /** Puts a new session in the place of whatever was there. Nothing of the old one is kept. */
  start(content: { issuedAt: number; userId?: string }): Session
  /** Changes the content of a session that goes on. */
  update(session: Session): void
  /** Takes the cookie away. */
  clear(): void
  /** Milliseconds since the epoch after which the session is over in any case, on every node. */
  validUntil(session: Session): number
}

const handles = new WeakMap<object, SessionHandle>()

/** @throws {MissingSessionsError} */
export function sessionHandle(ctx: Koa.Context): SessionHandle {
  const handle = handles.get(ctx)
  if (handle === undefined) throw new MissingSessionsError()
  return handle
}

export function attachSessionHandle(ctx: Koa.Context, config: SessionsConfig): void {
  let known: { session: Session | undefined } | undefined

  function write(session: Session): Session {
    // Goes through koa-session's setter; it keeps the object, so it gets its own.
    ctx.session = { ...session }
    known = { session }
    return session
  }

  function read(): Session | undefined {
    const session = parseSession(ctx.session)
    if (session === undefined) return undefined
    const fresh = touched(session, config.now(), config.touchAfterMs)
    return fresh === session ? session : write(fresh)
  }

  handles.set(ctx, {
    now: config.now,
    random: config.random,
    current: () => (known ??= { session: read() }).session,
    start: (content) => write(newSession(content, config.random)),
    update: write,
    clear() {
      ctx.session = null
      known = { session: undefined }
    },
    validUntil: (session) => session.issuedAt + config.absoluteLifeMs,
  })
}
