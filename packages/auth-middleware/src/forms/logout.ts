import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { audit } from '../audit.ts'
import { authContext } from '../auth-context.ts'
import { pathOrRoot, timeoutMs } from '../config.ts'
import { recordEnd } from '../sessions/login-session.ts'
import { refusalOf, refuse, type Refusal } from '../http/refusal.ts'
import { respondLocation } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'
import type { Session } from '../sessions/session.ts'

export interface LogoutOptions {
  /** Where to go afterwards. @default '/' */
  readonly path?: string
  /** Milliseconds for the end to be recorded. @default 10 s */
  readonly timeoutMs?: number
}

const checks = { path: pathOrRoot, timeoutMs } satisfies Checks<LogoutOptions>

/**
 * POST: ends the session, for every copy of its cookie, and takes the cookie away. When the end cannot be
 * recorded the answer is 503 and the cookie stays, so that the person knows, and can try again.
 */
export const logout = (options: LogoutOptions = {}): Koa.Middleware => {
  const { path, timeoutMs } = checkOptions(options, checks)
  const end = async (ctx: Koa.Context, session: Session): Promise<Refusal | undefined> => {
    const { userId } = session
    // An anonymous session opens nothing, nor does one that is over: ending it would only fill the ledger.
    if (userId === undefined || authContext(ctx).ledger.isEnded(session.id)) return undefined
    try {
      await recordEnd(ctx, session, timeoutMs)
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      audit(ctx, { type: 'logout-refused', userId, reason: refusal.code })
      return refusal
    }
    audit(ctx, { type: 'logged-out', userId })
    return undefined
  }

  return async (ctx) => {
    const session = sessionHandle(ctx).current()
    const refusal = session === undefined ? undefined : await end(ctx, session)
    if (refusal === undefined) {
      sessionHandle(ctx).clear()
      respondLocation(ctx, 200, path)
    } else if (!refuse(ctx, refusal)) {
      ctx.body = `You are still logged in. ${refusal.message}`
    }
  }
}
