import { deadline, onAbort, unlessAborted, type Clock } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { decodeResponse, encodeRequest, type Request, type Response } from './message.ts'
import type { Bus } from '../../bus.ts'

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
    // A bus may be slow to notice the signal; the replica is not.
    return decodeResponse(await unlessAborted(answer, patience.signal))
  } finally {
    patience.end()
    stopListening()
    unwatch()
  }
}
