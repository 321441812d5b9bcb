import { limits } from '../../limits.ts'
import { MalformedMessageError, MessageTooLargeError, RequestFailedError } from '../../errors.ts'
import { assembly } from './assembly.ts'
import { framedStream } from './framed-stream.ts'
import { largestId, type Frame } from './request-frames.ts'
import type { Stream } from '@libp2p/interface'

/** The asking end of a stream of requests: many may be under way, and each answer finds its question by its id. */
export interface RequestChannel {
  /** @throws RequestFailedError, the signal's reason, or why the stream ended */
  ask(protocol: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array>
  readonly isOpen: boolean
}

interface Question {
  readonly resolve: (answer: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

export const requestChannel = (stream: Stream, ended: (reason: Error) => void): RequestChannel => {
  const waiting = new Map<number, Question>()
  const answers = assembly()
  let asked = 0

  /** An answer that comes after its question was given up is dropped; one to a question never asked is a fault. */
  const questionOf = (id: number): Question | undefined => {
    if (id > asked) throw new MalformedMessageError(`an answer to request ${id} of ${asked}`)
    return waiting.get(id)
  }
  const answered = (id: number, answer: Uint8Array | undefined): void => {
    if (answer !== undefined) waiting.get(id)?.resolve(answer)
  }
  const received = (frame: Frame): void => {
    const question = questionOf(frame.id)
    switch (frame.kind) {
      case 'response':
        if (question !== undefined) answered(frame.id, answers.begin(frame.id, frame.length, frame.bytes))
        return
      case 'part':
        return answered(frame.id, answers.add(frame.id, frame.bytes))
      case 'failure':
        return question?.reject(new RequestFailedError(frame.failure))
      default:
        throw new MalformedMessageError(`a frame "${frame.kind}" from the side that answers`)
    }
  }
  const frames = framedStream(stream, {
    received,
    ended: (reason) => {
      ended(reason)
      for (const question of waiting.values()) question.reject(reason)
    },
  })

  const ask = (protocol: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1)
      const abort = (): void => {
        settle()
        frames.send({ kind: 'cancel', id })
        reject(signal.reason)
      }
      const settle = (): void => {
        waiting.delete(id)
        answers.giveUp(id)
        signal.removeEventListener('abort', abort)
      }
      waiting.set(id, {
        resolve: (answer) => {
          settle()
          resolve(answer)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      signal.addEventListener('abort', abort, { once: true })
      frames.sendMessage('request', id, encodeQuestion(protocol, bytes), isAwaited).catch(reject)
    })
  const isAwaited = (id: number): boolean => waiting.has(id)

  return {
    ask: async (protocol, bytes, signal) => {
      signal.throwIfAborted()
      if (!frames.isOpen) throw new Error('the stream of requests has ended')
      const answer = ask(protocol, bytes, signal)
      // The ids of a stream grow; the next request opens another one.
      if (asked === largestId) frames.end(new Error('the stream of requests is used up'))
      return answer
    },
    get isOpen() {
      return frames.isOpen
    },
  }
}

/** A request as it travels: its protocol's name, then the bytes. */
export const encodeQuestion = (protocol: string, bytes: Uint8Array): Uint8Array => {
  const name = Buffer.from(protocol)
  if (name.length > 255) throw new MessageTooLargeError(name.length, 255)
  return Buffer.concat([Uint8Array.of(name.length), name, bytes])
}

/** @throws MalformedMessageError */
export const decodeQuestion = (
  message: Uint8Array,
): { readonly protocol: string; readonly bytes: Uint8Array } => {
  const end = 1 + (message[0] ?? 0)
  if (message.length < end || message.length - end > limits.request)
    throw new MalformedMessageError(`a request of ${message.length} bytes`)
  return { protocol: Buffer.from(message.subarray(1, end)).toString(), bytes: message.subarray(end) }
}
