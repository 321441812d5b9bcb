import type Koa from 'koa'
import type { Account } from '../account.ts'
import { authContext } from '../auth-context.ts'
import { sessionHandle } from './session-handle.ts'
import type { SessionLedger } from './session-ledger.ts'
import type { Session } from './session.ts'

/**
 * The account that the session stands for, as long as it was not ended: by itself, or with all of the account's sessions. No
 * time is compared but with the floor of the ledger, below which the ends of sessions are no longer known.
 */
export const accountOf = (
  session: Session,
  accounts: { get(id: string): Account | undefined },
  ledger: SessionLedger,
): Account | undefined => {
  if (session.userId === undefined || isOver(session, ledger)) return undefined
  const account = accounts.get(session.userId)
  if (account === undefined || account.disabled || session.epoch !== account.sessionEpoch) return undefined
  return account
}

/** Nothing opens it here. The epoch may be one that this node has not heard of yet. */
const isOver = (session: Session, ledger: SessionLedger): boolean =>
  session.clusterEpoch !== ledger.epoch?.() || isRecorded(session, ledger)

/**
 * Its end is recorded, or would no longer be: recording it would only fill the ledger. One of another epoch is not: members that know
 * that epoch take it until they hear of its end.
 */
export const isRecorded = ({ id, issuedAt, device }: Session, ledger: SessionLedger): boolean =>
  issuedAt < floorOf(ledger) || ledger.isEnded(id) || (device !== undefined && ledger.isEnded(device))

export type StartOptions = {
  readonly [Name in 'returnTo' | 'device' | 'twin' | 'newsSince']?: Session[Name] | undefined
}

/**
 * A session that nobody can have seen before: a cookie planted in the browser gains nothing by the login. Nothing of
 * the former one is kept but what is given here.
 */
export const startSession = (
  ctx: Koa.Context,
  account: Account,
  { returnTo, device, twin, newsSince }: StartOptions,
): Session => {
  const handle = sessionHandle(ctx)
  const { ledger } = authContext(ctx)
  const clusterEpoch = ledger.epoch?.()
  return handle.start({
    issuedAt: Math.max(handle.now(), floorOf(ledger)),
    userId: account.id,
    epoch: account.sessionEpoch,
    ...(clusterEpoch === undefined ? {} : { clusterEpoch }),
    ...(device === undefined ? {} : { device }),
    ...(twin === undefined ? {} : { twin }),
    ...(newsSince === undefined ? {} : { newsSince }),
    ...(returnTo === undefined ? {} : { returnTo }),
  })
}

/** Records the end of a session for as long as its cookie would be believed without the record. */
export const recordEnd = (ctx: Koa.Context, session: Session, timeoutMs: number): Promise<void> => {
  const validUntil = sessionHandle(ctx).validUntil(session)
  const { ledger } = authContext(ctx)
  const signal = AbortSignal.timeout(timeoutMs)
  const { id, userId, issuedAt } = session
  return ledger.end(id, { userId, issuedAt, validUntil, signal })
}

const floorOf = (ledger: SessionLedger): number => ledger.floor?.() ?? 0
