import { timingSafeEqual } from 'node:crypto'
import type Koa from 'koa'
import { sessionHandle } from '../sessions/session-handle.ts'

const secretBytes = 16
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/**
 * A token for the forms of this session, for a hidden field named `_csrf` or the header `x-csrf-token`.
 * Starts an anonymous session when there is none. Valid as long as the session is; each call gives another
 * one.
 *
 * @throws {MissingSessionsError}
 */
export const antiForgeryToken = (ctx: Koa.Context): string => {
  const handle = sessionHandle(ctx)
  const session = handle.current() ?? handle.start({ issuedAt: handle.now() })
  return maskSecret(session.csrf, handle.random(secretBytes))
}

/**
 * The secret under a fresh pad. A page that is compressed and repeats what somebody typed would give away a
 * constant secret byte by byte through its length (BREACH).
 */
export const maskSecret = (secret: string, pad: Buffer): string =>
  Buffer.concat([pad, xor(Buffer.from(secret, 'base64url'), pad)]).toString('base64url')

/** Whether the token was made from the secret. Takes the same time wherever they differ. */
export const provesSecret = (token: string, secret: string): boolean => {
  if (!tokenPattern.test(token)) return false
  const bytes = Buffer.from(token, 'base64url')
  const unmasked = xor(bytes.subarray(secretBytes), bytes.subarray(0, secretBytes))
  return timingSafeEqual(unmasked, Buffer.from(secret, 'base64url'))
}

const xor = (bytes: Buffer, pad: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, index) => byte ^ (pad[index] ?? 0)))
