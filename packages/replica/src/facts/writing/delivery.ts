import { encodeFacts, sizeOf, type Fact } from '@grapevine/facts'
import { reasonOf } from '@grapevine/std'
import { RefusedUpdateError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { createSendQueue, type SendQueue } from '../../shared/send-queue.ts'
import { ask } from '../protocol/ask.ts'
import { bounds } from '../protocol/bounds.ts'
import { encodeMessage } from '../protocol/message.ts'
import { readFacts } from '../exchange/fetch.ts'
import type { Deliveries } from '../../shared/acknowledgements.ts'
import type { FactsContext } from '../exchange/context.ts'

/** Tells the others what was written here; what is written in one tick goes together. */
export interface Delivery {
  add(facts: readonly Fact[]): void
  /** Resolves when all that was added is on its way, with how it fares; empty where nobody is linked. */
  sent(): Promise<Deliveries>
}

export const createDelivery = (context: FactsContext): Delivery => {
  const { bus, clock, signal } = context
  const queues = new Map<string, SendQueue<readonly Fact[]>>()
  let batch: Fact[] | undefined
  let last: Promise<Deliveries> = Promise.resolve(new Map())

  const deliver = async (member: string, facts: readonly Fact[]): Promise<boolean> => {
    const queue = queues.get(member) ?? createSendQueue((some) => store(context, member, some), joined)
    queues.set(member, queue)
    const isStored = await queue.deliver(facts)
    if (queue.isIdle) queues.delete(member)
    return isStored
  }
  const send = async (facts: readonly Fact[]): Promise<Deliveries> => {
    await new Promise<void>((resolve) => void clock.after(0, resolve))
    batch = undefined
    const deliveries = new Map(bus.reachable().map((member) => [member, deliver(member, facts)]))
    spreadFurther(context, facts, deliveries, signal)
    return deliveries
  }
  return {
    add: (facts) => {
      if (batch === undefined) {
        batch = []
        last = send(batch)
      }
      batch.push(...facts)
    },
    sent: () => last,
  }
}

const joined = (several: readonly (readonly Fact[])[]): readonly Fact[] => several.flat()

/**
 * Each member that is linked is asked to store it, since only it can say when it holds it. Gossip is for the others, whom it
 * reaches through those; and for one that did not confirm, whose link may have broken in between.
 */
const spreadFurther = (
  context: FactsContext,
  facts: readonly Fact[],
  deliveries: Deliveries,
  signal: AbortSignal,
): void => {
  if (!areAllLinked(context, deliveries)) gossip(context, facts)
  else
    void Promise.all(deliveries.values()).then((delivered) => {
      if (delivered.includes(false) && !signal.aborted) gossip(context, facts)
    })
}

/** A member that is down or has left hears no gossip either. */
const areAllLinked = ({ bus }: FactsContext, linked: Deliveries): boolean =>
  bus
    .members?.()
    .every(({ id, state }) => id === bus.self.id || state === 'down' || state === 'left' || linked.has(id)) ??
  false

const gossip = ({ bus, name, log, traffic }: FactsContext, facts: readonly Fact[]): void => {
  for (const bytes of portions(facts)) {
    traffic.bytesOut += bytes.length
    bus
      .topic(name)
      .publish(encodeMessage({ type: 'store', facts: bytes }))
      .catch((error: unknown) =>
        log.debug({ reason: reasonOf(error) }, 'facts were not gossiped; members will ask for them'),
      )
  }
}

const store = async (context: FactsContext, member: string, facts: readonly Fact[]): Promise<boolean> => {
  try {
    for (const bytes of portions(facts)) {
      context.traffic.bytesOut += bytes.length
      const { erasures } = await ask(context, member, { type: 'store', facts: bytes }, 'stored')
      await context.intake.take(readFacts(erasures))
    }
    return true
  } catch (error) {
    if (error instanceof RefusedUpdateError) context.penalties.add(member)
    context.log.debug({ peer: member, reason: reasonOf(error) }, 'a member did not confirm facts')
    return false
  }
}

/** As bytes, none of them larger than a member takes at once. */
const portions = (facts: readonly Fact[]): Uint8Array[] => {
  const groups: Fact[][] = [[]]
  let room = limits.slice
  for (const fact of facts) {
    const size = sizeOf(fact)
    const isFull = size > room || groups.at(-1)?.length === bounds.facts
    if (isFull && groups.at(-1)?.length !== 0) {
      groups.push([])
      room = limits.slice
    }
    groups.at(-1)?.push(fact)
    room -= size
  }
  return groups.map(encodeFacts)
}
