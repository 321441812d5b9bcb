import { checkOptions, type Checks } from '@grapevine/std'
import type Koa from 'koa'
import { audit } from '../audit.ts'
import { pathOrRoot, timeoutMs } from '../config.ts'
import { endEarlier } from '../sessions/open-session.ts'
import { problemView, type ProblemView } from '../http/problem-view.ts'
import { refusalOf, refuse, type Refusal } from '../http/refusal.ts'
import { respondLocation } from '../http/respond.ts'
import { sessionHandle } from '../sessions/session-handle.ts'

export interface LogoutOptions {
  /** Where to go afterwards. @default '/' */
  readonly path?: string
  /** Milliseconds for the end to be recorded. @default 10 s */
  readonly timeoutMs?: number
  /** The page that says why somebody is still logged in; the status is set. @default a line of text */
  readonly problem?: ProblemView
}

const checks = { path: pathOrRoot, timeoutMs, problem: problemView } satisfies Checks<LogoutOptions>

/**
 * POST: ends the session, for every copy of its cookie, and takes the cookie away. When the end cannot be
 * recorded the answer is 503 and the cookie stays, so that the person knows, and can try again.
 */
export const logout = (options: LogoutOptions = {}): Koa.Middleware => {
  const { path, timeoutMs, problem } = checkOptions(options, checks)
  const end = async (ctx: Koa.Context): Promise<Refusal | undefined> => {
    const userId = sessionHandle(ctx).current()?.userId ?? ''
    try {
      const ended = await endEarlier(ctx, timeoutMs)
      if (ended !== undefined) audit(ctx, { type: 'logged-out', userId })
      return undefined
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      audit(ctx, { type: 'logout-refused', userId, reason: refusal.code })
      return refusal
    }
  }

  return async (ctx) => {
    const refusal = await end(ctx)
    if (refusal === undefined) {
      sessionHandle(ctx).clear()
      respondLocation(ctx, 200, path)
    } else if (!refuse(ctx, refusal)) {
      const message = `You are still logged in. ${refusal.message}`
      if (problem === undefined) ctx.body = message
      else problem(ctx, message)
    }
  }
}
