import { reasonOf } from '@grapevine/std'
import { RefusedUpdateError } from '../errors.ts'
import { limits } from '../limits.ts'
import { readFacts } from './exchange/fetch.ts'
import { decodeMessage } from './protocol/message.ts'
import type { Fact } from '@grapevine/facts'
import type { FactsContext } from './exchange/context.ts'

export interface GossipContext extends FactsContext {
  readonly refused: (member: string | undefined, reason: string) => void
  /** Something was dropped that others have. */
  readonly missed: () => void
}

/** Takes in what comes by the topic of the set. @returns how to stop */
export const followGossip = (context: GossipContext): (() => void) => {
  const { bus, name, intake, traffic, log } = context
  const topic = bus.topic(name)
  const read = createReader()
  const refuse = (from: string | undefined): void =>
    context.refused(from, 'a gossiped message that holds no facts')
  // The gate is the validator: what fails it is not passed on, and so who passed it on to this node pays.
  const stopValidating = topic.validate?.((bytes, sender) => {
    if (read(bytes) !== 'refused') return true
    refuse(sender?.from)
    return false
  })
  const unsubscribe = topic.subscribe((bytes, sender) => {
    const message = read(bytes)
    if (message === 'refused') return refuse(sender?.from)
    if (message === 'unknown') {
      traffic.unknown += 1
      return
    }
    if (intake.waiting > limits.waiting) {
      traffic.dropped += 1
      context.missed()
      return
    }
    traffic.bytesIn += bytes.length
    intake.take(message).catch((error: unknown) => {
      log.debug({ reason: reasonOf(error) }, 'gossiped facts were not taken')
      context.missed()
    })
  })
  return () => {
    unsubscribe()
    stopValidating?.()
  }
}

type Read = readonly Fact[] | 'unknown' | 'refused'

/** A message is judged, and right after told to who listens: what was read for the one is there for the other. */
const createReader = (): ((bytes: Uint8Array) => Read) => {
  let last: { readonly bytes: Uint8Array; readonly said: Read } | undefined
  return (bytes) => {
    if (last === undefined || !isSame(last.bytes, bytes)) last = { bytes, said: readMessage(bytes) }
    return last.said
  }
}

/** The very same, not only equal. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.buffer === other.buffer && one.byteOffset === other.byteOffset && one.length === other.length

const readMessage = (bytes: Uint8Array): Read => {
  try {
    const message = decodeMessage(bytes)
    return message.type === 'store' ? readFacts(message.facts) : 'unknown'
  } catch (error) {
    if (error instanceof RefusedUpdateError) return 'refused'
    throw error
  }
}
