import { deadline, onAbort, unlessAborted, type Clock } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { decodeMessage, encodeMessage, type Message, type MessageOf, type MessageType } from './message.ts'
import type { SpeakersBus } from './speakers.ts'

export interface AskContext {
  readonly bus: SpeakersBus
  readonly name: string
  readonly clock: Clock
  /** Ends whatever is asked. */
  readonly signal: AbortSignal
}

/** Under this the questions about a set are answered, in each version that is spoken. */
export const protocolOf = (name: string, version: number): string => `facts/${version}/${name}`

/**
 * Asks one question, and gives up when the member is gone.
 *
 * @throws RefusedUpdateError for an answer that is no message; Error for one of another kind, or none in time
 */
export const ask = async <T extends MessageType>(
  { bus, name, signal, clock }: AskContext,
  member: string,
  question: Message,
  answer: T,
): Promise<MessageOf<T>> => {
  const version = bus.versionWith(member)
  if (version === undefined)
    throw new Error('the member speaks no version of the protocol of facts that is known here')
  const patience = deadline(clock, limits.requestTimeout)
  const unwatch = bus.on('member:unlinked', (event) => {
    if (event.member.id === member) patience.giveUp(new Error('the member became unreachable'))
  })
  const stopListening = onAbort(signal, patience.giveUp)
  try {
    const options = { signal: patience.signal }
    const asking = bus.request(member, protocolOf(name, version), encodeMessage(question), options)
    const message = decodeMessage(await unlessAborted(asking, patience.signal))
    if (isOf(message, answer)) return message
    throw new Error(`answered "${question.type}" with "${message.type}"`)
  } finally {
    patience.end()
    stopListening()
    unwatch()
  }
}

const isOf = <T extends MessageType>(message: Message, type: T): message is Message & MessageOf<T> =>
  message.type === type
