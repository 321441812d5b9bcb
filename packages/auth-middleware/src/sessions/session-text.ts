import { parseSession, type Session } from './session.ts'

/** The session as the value of a cookie. Only its own fields: koa-session's `_expire` and `_maxAge` are not relied on. */
export function encodeSession(content: unknown): string {
  const session = parseSession(content)
  if (session === undefined) throw new TypeError('not a session')
  return Buffer.from(JSON.stringify(session)).toString('base64url')
}

/** `undefined` makes koa-session go on as if no cookie had come; an error would make it answer 500. */
export function decodeSession(text: string): Session | undefined {
  try {
    return parseSession(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return undefined
  }
}
