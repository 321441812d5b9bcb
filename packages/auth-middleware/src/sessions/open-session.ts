import type Koa from 'koa'
import { audit } from '../audit.ts'
import { authContext } from '../auth-context.ts'
import { UnknownAccountError } from '../errors.ts'
import { beginDeviceSession } from '../devices/begin-device-session.ts'
import { timeoutMs } from '../config.ts'
import { isRecorded, recordEnd } from './login-session.ts'
import { sessionHandle } from './session-handle.ts'

export interface OpenSessionOptions {
  /** Milliseconds for the end of an earlier session to be recorded. @default 10 s */
  readonly timeoutMs?: number
}

/**
 * Logs somebody in who has proved otherwise who they are: by OAuth, a passkey, a link in a mail. A session of their own begins,
 * as after the log-in form; an earlier one of this browser ends first. Whoever calls must have checked the proof, and that the
 * answer belongs to a request of this very browser.
 *
 * @returns the path that was to be opened before, when `requireUser` has remembered one
 * @throws {UnknownAccountError} when there is no such account here, or it is disabled; nothing changed
 * @throws an error whose `code` is `UNAVAILABLE` when the end of the earlier session could not be recorded; nothing changed
 */
export const openSession = async (
  ctx: Koa.Context,
  accountId: string,
  options: OpenSessionOptions = {},
): Promise<string | undefined> => {
  const account = authContext(ctx).accounts.get(accountId)
  if (account === undefined || account.disabled) throw new UnknownAccountError()
  const returnTo = sessionHandle(ctx).current()?.returnTo
  const patience = timeoutMs('timeoutMs', options.timeoutMs)
  await endEarlier(ctx, patience)
  await beginDeviceSession(ctx, account, { timeoutMs: patience })
  audit(ctx, { type: 'logged-in', userId: account.id })
  return returnTo
}

/** Ends the session of this browser, for every copy of its cookie. Nothing happens when nobody is logged in. Rejects like `openSession`. */
export const endSession = async (ctx: Koa.Context, options: OpenSessionOptions = {}): Promise<void> => {
  await endEarlier(ctx, timeoutMs('timeoutMs', options.timeoutMs))
  sessionHandle(ctx).clear()
}

/** Also where the session is of somebody else, or of nobody whom this node knows. */
export const endEarlier = async (ctx: Koa.Context, timeoutMs: number): Promise<string | undefined> => {
  const session = sessionHandle(ctx).current()
  if (session?.userId === undefined || isRecorded(session, authContext(ctx).ledger)) return undefined
  await recordEnd(ctx, session, timeoutMs)
  return session.userId
}
