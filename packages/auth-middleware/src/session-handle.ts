import type Koa from 'koa'
import type { SessionsConfig } from './config.ts'
import { MissingSessionsError } from './errors.ts'
import { newSession, touched, type Session, type SessionStart } from './session.ts'

/** The session of one request, as the other middleware of this package uses it. */
export interface SessionHandle {
  readonly now: () => number
  readonly random: (bytes: number) => Buffer
  readonly mode: SessionsConfig['mode']
  /** The session that came with the request, or that was started since. Never an expired or altered one. */
  current(): Session | undefined
  /** Puts a new session in the place of whatever was there. Nothing of the old one is kept. */
  start(content: SessionStart): Session
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

/** Where the session of a request comes from, and where a changed one goes. */
export interface SessionSource {
  read(): Session | undefined
  write(session: Session | undefined): void
}

export function attachSessionHandle(ctx: Koa.Context, config: SessionsConfig, source: SessionSource): void {
  let known: { session: Session | undefined } | undefined

  function write(session: Session): Session {
    source.write(session)
    known = { session }
    return session
  }

  function read(): Session | undefined {
    const session = source.read()
    if (session === undefined) return undefined
    const fresh = touched(session, config.now(), config.touchAfterMs)
    return fresh === session ? session : write(fresh)
  }

  handles.set(ctx, {
    now: config.now,
    random: config.random,
    mode: config.mode,
    current: () => (known ??= { session: read() }).session,
    start: (content) => write(newSession(content, config.random)),
    update: write,
    clear() {
      source.write(undefined)
      known = { session: undefined }
    },
    validUntil: (session) => session.issuedAt + config.absoluteLifeMs,
  })
}
