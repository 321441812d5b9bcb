import * as Y from 'yjs'
import { limits } from './config.ts'
import { reasonOf, type Log } from './log.ts'
import { decodeResponse, encodeRequest } from './wire.ts'
import type { Deliveries } from './acknowledgements.ts'
import type { Bus } from './bus.ts'
import type { Journal } from './journal.ts'

/** Takes local changes to this node's disk, then to the others; those of one tick go together. */
export interface Outbox {
  add(update: Uint8Array): void
  /** Resolves when all changes added so far are on this node's disk, with how they fare elsewhere. */
  flushed(): Promise<Deliveries>
  close(): Promise<void>
}

export interface OutboxContext {
  readonly bus: Bus
  readonly journal: Journal
  readonly name: string
  readonly traffic: { bytesOut: number }
  readonly signal: AbortSignal
  readonly log: Log
}

export const createOutbox = (context: OutboxContext): Outbox => {
  let batch: { readonly updates: Uint8Array[]; readonly flushed: Promise<Deliveries> } | undefined
  let last: Promise<Deliveries> = Promise.resolve(new Map())

  const flush = async (updates: readonly Uint8Array[]): Promise<Deliveries> => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    batch = undefined
    const update =
      updates.length === 1 && updates[0] !== undefined ? updates[0] : Y.mergeUpdates([...updates])
    await context.journal.save(update)
    return spread(context, update)
  }

  return {
    add: (update) => {
      if (batch === undefined) {
        const updates: Uint8Array[] = []
        const flushed = flush(updates)
        // Changes made without `write` have nobody who waits; the journal has logged the failure.
        flushed.catch(() => undefined)
        last = flushed
        batch = { updates, flushed }
      }
      batch.updates.push(update)
    },
    flushed: () => last,
    close: async () => {
      await last.catch(() => undefined)
    },
  }
}

/**
 * Gossip reaches everybody in the end, also through others; a member that is linked is told directly as well,
 * since only it can say when it has the change on disk.
 */
const spread = (context: OutboxContext, update: Uint8Array): Deliveries => {
  const { bus, name, traffic, log } = context
  if (update.length <= limits.gossip) {
    bus
      .topic(name)
      .publish(update)
      .catch((error: unknown) =>
        log.debug({ reason: reasonOf(error) }, 'a change was not gossiped; members will ask for it'),
      )
  }
  const request = encodeRequest({ type: 'store', update })
  const members = bus.reachable()
  traffic.bytesOut += update.length * members.length
  return new Map(members.map((member) => [member, deliver(context, member, request)]))
}

const deliver = async (
  { bus, name, signal, log }: OutboxContext,
  member: string,
  request: Uint8Array,
): Promise<boolean> => {
  const gone = new AbortController()
  const unwatch = bus.on('member:unlinked', (event) => {
    if (event.member.id === member) gone.abort(new Error('the member became unreachable'))
  })
  try {
    const patience = AbortSignal.any([signal, gone.signal, AbortSignal.timeout(limits.requestTimeout)])
    const response = decodeResponse(
      await bus.request(member, `replica/${name}`, request, { signal: patience }),
    )
    return response.type === 'stored'
  } catch (error) {
    log.debug({ peer: member, reason: reasonOf(error) }, 'a member did not confirm a change')
    return false
  } finally {
    unwatch()
  }
}
