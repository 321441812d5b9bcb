import { reasonOf } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { ask } from '../protocol/ask.ts'
import type { ConversationContext } from './conversation.ts'
import { createSendQueue, type SendQueue } from '../../shared/send-queue.ts'
import { merged } from '../update-codec/update.ts'
import { sealFrame } from '../../shared/frame.ts'
import type { Deliveries } from '../../shared/acknowledgements.ts'
import type { Journal } from '../journal.ts'

/** Takes local changes to this node's disk and to the others at the same time; those of one tick go together. */
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
  const queues = new Map<string, SendQueue<Uint8Array>>()
  let batch: Batch | undefined
  let last: Promise<Deliveries> = Promise.resolve(new Map())

  const flush = async (updates: readonly Uint8Array[]): Promise<Deliveries> => {
    await new Promise<void>((resolve) => void context.clock.after(0, resolve))
    batch = undefined
    const update = merged(updates)
    // The others need not wait for this disk. If it fails the change is not acknowledged, whoever has it by then.
    const linked = context.bus.reachable()
    const deliveries = new Map(linked.map((member) => [member, deliver(member, update)]))
    // What was written to a link leaves when this code waits; that comes before all that nobody else waits for.
    await Promise.resolve()
    const saved = context.journal.save(update)
    spreadFurther(context, update, deliveries)
    await saved
    return deliveries
  }

  const deliver = async (member: string, update: Uint8Array): Promise<boolean> => {
    const queue = queues.get(member) ?? createSendQueue((updates) => store(context, member, updates), merged)
    queues.set(member, queue)
    const isStored = await queue.deliver(update)
    if (queue.isIdle) queues.delete(member)
    return isStored
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
 * Each member that is linked is told directly, since only it can say when it has the change on disk. Gossip is for the
 * others, which it reaches through those; and for one that did not confirm, whose link may have broken in between.
 * Where all are linked it would carry everything twice. What is larger than a slice goes in slices.
 */
const spreadFurther = (context: OutboxContext, update: Uint8Array, deliveries: Deliveries): void => {
  const { bus, signal } = context
  if (update.length > limits.slice) return
  if (!areAllLinked(bus, deliveries)) gossip(context, update)
  else
    void Promise.all(deliveries.values()).then((delivered) => {
      if (delivered.includes(false) && !signal.aborted) gossip(context, update)
    })
}

/** A member that is down or has left hears no gossip either. */
const areAllLinked = (bus: OutboxContext['bus'], linked: Deliveries): boolean =>
  bus
    .members?.()
    .every(({ id, state }) => id === bus.self.id || state === 'down' || state === 'left' || linked.has(id)) ??
  false

const gossip = ({ bus, name, log }: OutboxContext, update: Uint8Array): void => {
  bus
    .topic(name)
    .publish(sealFrame(update))
    .catch((error: unknown) =>
      log.debug({ reason: reasonOf(error) }, 'a change was not gossiped; members will ask for it'),
    )
}

const store = async (context: OutboxContext, member: string, update: Uint8Array): Promise<boolean> => {
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
