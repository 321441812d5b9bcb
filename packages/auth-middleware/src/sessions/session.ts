import { isRecord, parseJson } from '@grapevine/std'
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
  /** The ledger's epoch at the login. */
  readonly clusterEpoch?: string
  /** Which of the account's devices this is: an id in the ledger of ended ones, as the session's own. */
  readonly device?: string
  /** Another account that the password opened at the login. */
  readonly twin?: string
  /** Milliseconds since 1970 of the login before this one; what happened since is told, until it was read. */
  readonly newsSince?: number
  /** Where to go after login: a path that `safeReturnPath` accepts. */
  readonly returnTo?: string
}

/** What a new session is given; all else of it is random. */
export type SessionStart = Pick<
  Session,
  'issuedAt' | 'userId' | 'epoch' | 'clusterEpoch' | 'device' | 'twin' | 'newsSince' | 'returnTo'
>

const randomBytes = 16
const randomTextPattern = /^[A-Za-z0-9_-]{22}$/
const maxUserIdLength = 128
const epochPattern = /^[ -~]{1,64}$/

/** A session that shares nothing with any before it. */
export const newSession = (content: SessionStart, random: (bytes: number) => Buffer): Session => ({
  id: random(randomBytes).toString('base64url'),
  csrf: random(randomBytes).toString('base64url'),
  ...content,
})

/** The session that this value is, with the known fields only; `undefined` when any of them is not as it must be. */
export const parseSession = (value: unknown): Session | undefined => {
  if (!isRecord(value)) return undefined
  const { id, issuedAt, seenAt, csrf, userId, epoch, clusterEpoch, device, twin, newsSince, returnTo } = value
  if (!isRandomText(id) || !isRandomText(csrf) || !isTime(issuedAt)) return undefined
  if (seenAt !== undefined && !isTime(seenAt)) return undefined
  if (userId !== undefined && !isUserId(userId)) return undefined
  if (epoch !== undefined && !isEpoch(epoch)) return undefined
  if (clusterEpoch !== undefined && !isEpoch(clusterEpoch)) return undefined
  if (device !== undefined && !isRandomText(device)) return undefined
  if (twin !== undefined && !isUserId(twin)) return undefined
  if (newsSince !== undefined && !isTime(newsSince)) return undefined
  if (returnTo !== undefined && !isReturnPath(returnTo)) return undefined
  return {
    id,
    issuedAt,
    csrf,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(userId === undefined ? {} : { userId }),
    ...(epoch === undefined ? {} : { epoch }),
    ...(clusterEpoch === undefined ? {} : { clusterEpoch }),
    ...(device === undefined ? {} : { device }),
    ...(twin === undefined ? {} : { twin }),
    ...(newsSince === undefined ? {} : { newsSince }),
    ...(returnTo === undefined ? {} : { returnTo }),
  }
}

/** The session with its last sight brought up to date; the very same one while that would change little. */
export const touched = (session: Session, now: number, touchAfterMs: number): Session => {
  const seen = session.seenAt ?? session.issuedAt
  return now - seen < touchAfterMs ? session : { ...session, seenAt: now }
}

const isRandomText = (value: unknown): value is string =>
  typeof value === 'string' && randomTextPattern.test(value)

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isUserId = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= maxUserIdLength

const isEpoch = (value: unknown): value is string => typeof value === 'string' && epochPattern.test(value)

const isReturnPath = (value: unknown): value is string => safeReturnPath(value) !== undefined

/** The session as the value of a cookie. Only its own fields: koa-session's `_expire` and `_maxAge` are not relied on. */
export const encodeSession = (content: unknown): string => {
  const session = parseSession(content)
  if (session === undefined) throw new TypeError('not a session')
  return Buffer.from(JSON.stringify(session)).toString('base64url')
}

/** `undefined` makes koa-session go on as if no cookie had come; an error would make it answer 500. */
export const decodeSession = (text: string): Session | undefined =>
  parseSession(parseJson(Buffer.from(text, 'base64url').toString()))
