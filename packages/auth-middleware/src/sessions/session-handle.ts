import type Koa from 'koa'
import type { SessionsConfig } from '../config.ts'
import { MissingSessionsError } from '../errors.ts'
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
  validUntil(session: Pick<Session, 'issuedAt'>): number
}

/** A property: with an entry in a WeakMap for each request, the garbage collector took a fifth of all time. */
const handleKey: unique symbol = Symbol('session handle')
const notRead: unique symbol = Symbol('not read')
/** Nothing was started, updated or cleared. */
export const noChange: unique symbol = Symbol('no change')

/** @throws {MissingSessionsError} */
export const sessionHandle = (ctx: Koa.Context): SessionHandle => {
  const handle: SessionHandle | undefined = ctx[handleKey]
  if (handle === undefined) throw new MissingSessionsError()
  return handle
}

/** What came of the session of a request. */
export interface AttachedSession {
  /** What the browser is to be told: a session, or that there is none. */
  readonly change: Session | undefined | typeof noChange
}

/** @param read the session that came with the request; asked once, and only if somebody wants to know */
export const attachSession = (
  ctx: Koa.Context,
  config: SessionsConfig,
  read: (ctx: Koa.Context) => Session | undefined,
): AttachedSession => {
  const session = new RequestSession(ctx, config, read)
  ctx[handleKey] = session
  return session
}

/** A class, as there is one for each request: closures would be a dozen objects instead of one. */
class RequestSession implements SessionHandle, AttachedSession {
  readonly now: () => number
  readonly random: (bytes: number) => Buffer
  readonly mode: SessionsConfig['mode']
  change: Session | undefined | typeof noChange = noChange
  private session: Session | undefined | typeof notRead = notRead
  private readonly ctx: Koa.Context
  private readonly config: SessionsConfig
  private readonly read: (ctx: Koa.Context) => Session | undefined

  constructor(ctx: Koa.Context, config: SessionsConfig, read: (ctx: Koa.Context) => Session | undefined) {
    this.now = config.now
    this.random = config.random
    this.mode = config.mode
    this.ctx = ctx
    this.config = config
    this.read = read
  }

  current(): Session | undefined {
    if (this.session === notRead) this.session = this.seen(this.read(this.ctx))
    return this.session
  }

  start(content: SessionStart): Session {
    const session = newSession(content, this.random)
    this.update(session)
    return session
  }

  update(session: Session): void {
    this.session = session
    this.change = session
  }

  clear(): void {
    this.session = undefined
    this.change = undefined
  }

  validUntil({ issuedAt }: Pick<Session, 'issuedAt'>): number {
    return issuedAt + this.config.absoluteLifeMs
  }

  private seen(session: Session | undefined): Session | undefined {
    if (session === undefined) return undefined
    const fresh = touched(session, this.now(), this.config.touchAfterMs)
    if (fresh !== session) this.change = fresh
    return fresh
  }
}
