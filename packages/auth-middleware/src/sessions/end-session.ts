import type Koa from 'koa'
import { sessionHandle } from './session-handle.ts'
import type { SessionLedger } from './session-ledger.ts'
import type { Session } from './session.ts'

/** Records the end of a session for as long as its cookie would be believed without the record. */
export function endSession(
  ctx: Koa.Context,
  ledger: Pick<SessionLedger, 'end'>,
  session: Session,
  timeoutMs: number,
): Promise<void> {
  const validUntil = sessionHandle(ctx).validUntil(session)
  return ledger.end(session.id, { validUntil, signal: AbortSignal.timeout(timeoutMs) })
}
