import * as Y from 'yjs'
import { limits } from './config.ts'
import { ask, type ConversationContext } from './conversation.ts'
import { reasonOf } from './log.ts'
import { sealFrame } from './frame.ts'
import type { Deliveries } from './acknowledgements.ts'
import type { Journal } from './journal.ts'

/** Takes local changes to this node's disk, then to the others; those of one tick go together. */
export interface Outbox {
  add(update: Uint8Array): void
  /** Resolves when all changes added so far are on this node's disk, with how they fare elsewhere. */
  flushed(): Promise<Deliveries>
  close(): Promise<void>
}

export interface OutboxContext extends Pick<
  ConversationContext,
  'bus' | 'name' | 'traffic' | 'clock' | 'signal' | 'log'
> {
  readonly journal: Journal
  /** Takes a member all that it lacks. @returns whether it is on its disk */
  readonly exchangeAnewWith: (member: string) => Promise<boolean>
}

interface Batch {
  readonly updates: Uint8Array[]
  readonly flushed: Promise<Deliveries>
}

export const createOutbox = (context: OutboxContext): Outbox => {
  let batch: Batch | undefined
  let last: Promise<Deliveries> = Promise.resolve(new Map())

  const flush = async (updates: readonly Uint8Array[]): Promise<Deliveries> => {
    await new Promise<void>((resolve) => void context.clock.after(0, resolve))
    batch = undefined
    const update = merged(updates)
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

/** Yjs sorts all updates anew for each struct of the result; so a few at a time. */
const merged = (updates: readonly Uint8Array[]): Uint8Array => {
  let rest = [...updates]
  while (rest.length > mergedAtOnce) {
    const parts: Uint8Array[] = []
    for (let from = 0; from < rest.length; from += mergedAtOnce)
      parts.push(Y.mergeUpdates(rest.slice(from, from + mergedAtOnce)))
    rest = parts
  }
  return Y.mergeUpdates(rest)
}

const mergedAtOnce = 8

/**
 * Gossip reaches everybody in the end, also through others; a member that is linked is told directly as well,
 * since only it can say when it has the change on disk. What is larger than a slice goes in slices.
 */
const spread = (context: OutboxContext, update: Uint8Array): Deliveries => {
  const { bus, name, log } = context
  if (update.length <= limits.slice) {
    bus
      .topic(name)
      .publish(sealFrame(update))
      .catch((error: unknown) =>
        log.debug({ reason: reasonOf(error) }, 'a change was not gossiped; members will ask for it'),
      )
  }
  return new Map(bus.reachable().map((member) => [member, deliver(context, member, update)]))
}

const deliver = async (context: OutboxContext, member: string, update: Uint8Array): Promise<boolean> => {
  try {
    if (update.length > limits.slice) return await context.exchangeAnewWith(member)
    context.traffic.bytesOut += update.length
    const response = await ask(context, member, { type: 'store', update })
    return response.type === 'stored'
  } catch (error) {
    const reason = reasonOf(error)
    context.log.debug({ peer: member, reason }, 'a member did not confirm a change')
    return false
  }
}
