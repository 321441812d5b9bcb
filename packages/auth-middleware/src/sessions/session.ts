import { safeReturnPath } from '../http/safe-return-path.ts'

/** What the cookie carries: signed, not encrypted. Its holder can read it, and cannot change a byte of it. */
export interface Session {
  /** 128 random bits. Names the session in the ledger of ended ones; knowing it opens nothing. */
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  /** The last request, to within a minute; absent until the first one after the issue. */
  readonly seenAt?: number
  /** 128 random bits that anti-forgery tokens prove knowledge of. */
  readonly csrf: string
  /** Who logged in; absent in an anonymous session. */
  readonly userId?: string
  /** The account's `sessionEpoch` at the login. */
  readonly epoch?: string
  /** Where to go after login: a path that `safeReturnPath` accepts. */
  readonly returnTo?: string
}

/** What a new session is given; all else of it is random. */
export type SessionStart = Pick<Session, 'issuedAt' | 'userId' | 'epoch' | 'returnTo'>

export interface SessionLives {
  readonly absoluteLifeMs: number
  readonly idleLifeMs: number
  readonly clockSkewMs: number
}

const RANDOM_BYTES = 16
const RANDOM_TEXT = /^[A-Za-z0-9_-]{22}$/
const MAX_USER_ID_LENGTH = 128
const EPOCH = /^[ -~]{1,64}$/

/** A session that shares nothing with any before it. */
export function newSession(content: SessionStart, random: (bytes: number) => Buffer): Session {
  return {
    id: random(RANDOM_BYTES).toString('base64url'),
    csrf: random(RANDOM_BYTES).toString('base64url'),
    ...content,
  }
}

/** The session that this value is, with the known fields only; `undefined` when any of them is not as it must be. */
export function parseSession(value: unknown): Session | undefined {
  if (!isRecord(value)) return undefined
  const { id, issuedAt, seenAt, csrf, userId, epoch, returnTo } = value
  if (!isRandomText(id) || !isRandomText(csrf) || !isTime(issuedAt)) return undefined
  if (seenAt !== undefined && !isTime(seenAt)) return undefined
  if (userId !== undefined && !isUserId(userId)) return undefined
  if (epoch !== undefined && !isEpoch(epoch)) return undefined
  if (returnTo !== undefined && !isReturnPath(returnTo)) return undefined
  return {
    id,
    issuedAt,
    csrf,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(userId === undefined ? {} : { userId }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(returnTo === undefined ? {} : { returnTo }),
  }
}

/** Whether neither life has run out. A time ahead of this clock is borne up to the skew. */
export function isLive(session: Session, now: number, lives: SessionLives): boolean {
  const age = now - session.issuedAt
  const idle = now - (session.seenAt ?? session.issuedAt)
  if (Math.min(age, idle) < -lives.clockSkewMs) return false
  return age < lives.absoluteLifeMs && idle < lives.idleLifeMs
}

/** The session with its last sight brought up to date; the very same one while that would change little. */
export function touched(session: Session, now: number, touchAfterMs: number): Session {
  const seen = session.seenAt ?? session.issuedAt
  return now - seen < touchAfterMs ? session : { ...session, seenAt: now }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRandomText(value: unknown): value is string {
  return typeof value === 'string' && RANDOM_TEXT.test(value)
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isUserId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_USER_ID_LENGTH
}

function isEpoch(value: unknown): value is string {
  return typeof value === 'string' && EPOCH.test(value)
}

function isReturnPath(value: unknown): value is string {
  return safeReturnPath(value) !== undefined
}
