import { deadline, onAbort, type Clock } from '../clock.ts'
import { limits } from '../limits.ts'
import { decodeResponse, encodeRequest, type Request, type Response } from './message.ts'
import type { Bus } from '../bus.ts'

export interface AskContext {
  readonly bus: Bus
  /** Of the document. */
  readonly name: string
  readonly clock: Clock
  /** Ends whatever is asked. */
  readonly signal: AbortSignal
}

/** Asks one question, and gives up when the member is gone. */
export const ask = async (
  { bus, name, signal, clock }: AskContext,
  member: string,
  request: Request,
): Promise<Response> => {
  const patience = deadline(clock, limits.requestTimeout)
  const unwatch = bus.on('member:unlinked', (event) => {
    if (event.member.id === member) patience.giveUp(new Error('the member became unreachable'))
  })
  const stopListening = onAbort(signal, patience.giveUp)
  try {
    const answer = bus.request(member, `replica/${name}`, encodeRequest(request), {
      signal: patience.signal,
    })
    return decodeResponse(await settledBy(answer, patience.signal))
  } finally {
    patience.end()
    stopListening()
    unwatch()
  }
}

/** A bus may be slow to notice the signal; the replica is not. */
const settledBy = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
