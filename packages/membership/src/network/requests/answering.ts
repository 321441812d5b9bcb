import { type Log, reasonOf } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { MalformedMessageError, type RequestFailure } from '../../errors.ts'
import { assembly } from './assembly.ts'
import { framedStream } from './framed-stream.ts'
import { lateController, type LateController } from './late-controller.ts'
import { decodeQuestion } from './request-channel.ts'
import type { Stream } from '@libp2p/interface'
import type { Frame } from './request-frames.ts'
import type { Slots } from './slots.ts'

/** Answers one request of a member; that it threw is all that the member is told. */
export type RequestHandler = (
  request: Uint8Array,
  context: {
    readonly from: string
    /** Aborts when nobody waits for the answer any more, or the time for it is over. */
    readonly signal: AbortSignal
  },
) => Promise<Uint8Array> | Uint8Array

export interface Answering {
  /** Who asks. */
  readonly peer: string
  readonly handlers: ReadonlyMap<string, RequestHandler>
  readonly slots: Slots
  readonly log: Log
}

/** How long a handler may take, in milliseconds. */
const answerTimeout = 30_000

/**
 * The answering end of a stream of requests. A request holds one of its member's slots from its first byte until its
 * handler is done or its time is over, also when nobody waits for it any more: else a member that asks and cancels
 * could have any number of handlers at work. One that finds no slot free is refused at once.
 */
export const answerRequests = (stream: Stream, { peer, handlers, slots, log }: Answering): void => {
  const arriving = assembly()
  /** Requests that somebody waits for, each with what tells its handler that nobody does any more. */
  const open = new Map<number, LateController>()
  const isOpen = (id: number): boolean => open.has(id)
  let last = 0

  const received = (frame: Frame): void => {
    switch (frame.kind) {
      case 'request':
        return begin(frame.id, frame.length, frame.bytes)
      case 'part':
        return whole(frame.id, arriving.add(frame.id, frame.bytes))
      case 'cancel':
        return giveUp(frame.id, new Error('the member does not wait for the answer any more'))
      default:
        throw new MalformedMessageError(`a frame "${frame.kind}" from the side that asks`)
    }
  }
  const begin = (id: number, length: number, bytes: Uint8Array): void => {
    if (id <= last) throw new MalformedMessageError(`request ${id} after request ${last}`)
    last = id
    if (!slots.take(peer)) return fail(id, 'busy')
    open.set(id, lateController())
    whole(id, arriving.begin(id, length, bytes))
  }
  const whole = (id: number, message: Uint8Array | undefined): void => {
    const controller = open.get(id)
    if (message !== undefined && controller !== undefined) void answer(id, message, controller)
  }
  const giveUp = (id: number, reason: Error): void => {
    open.get(id)?.abort(reason)
    open.delete(id)
    // Without all of its parts no handler has begun, and none will end.
    if (arriving.giveUp(id)) slots.free(peer)
  }
  const fail = (id: number, failure: RequestFailure): void => {
    open.delete(id)
    frames.send({ kind: 'failure', id, failure })
  }

  const answer = async (id: number, message: Uint8Array, controller: LateController): Promise<void> => {
    let finish = (): void => slots.free(peer)
    try {
      const { protocol, bytes } = decodeQuestion(message)
      const handler = handlers.get(protocol)
      if (handler === undefined) return fail(id, 'unknown-protocol')
      const working = handler(bytes, contextOf(controller))
      // Armed when the handler has done what it does at once: others may be waiting for that.
      finish = finishing(id, controller)
      const result = await working
      if (result.length <= limits.request) await frames.sendMessage('response', id, result, isOpen)
      else if (isOpen(id)) fail(id, 'too-large')
    } catch (error) {
      log.debug({ peer, reason: reasonOf(error) }, 'a request was not answered')
      if (isOpen(id)) fail(id, 'failed')
    } finally {
      open.delete(id)
      finish()
    }
  }
  const contextOf = (controller: LateController): Parameters<RequestHandler>[1] => ({
    from: peer,
    get signal() {
      return controller.signal
    },
  })
  /** @returns how to free the slot; when the time is over it is done, once, and the handler is told. */
  const finishing = (id: number, controller: LateController): (() => void) => {
    let isFinished = false
    const finish = (): void => {
      clearTimeout(timer)
      if (!isFinished) slots.free(peer)
      isFinished = true
    }
    const timer = setTimeout(() => {
      if (isOpen(id)) fail(id, 'failed')
      controller.abort(new Error(`no answer within ${answerTimeout} ms`))
      finish()
    }, answerTimeout)
    timer.unref()
    return finish
  }

  const frames = framedStream(stream, {
    received,
    ended: (reason) => {
      if (reason instanceof MalformedMessageError)
        log.warn(
          { peer, reason: reason.message },
          'a member broke the request protocol; its stream was ended',
        )
      for (const id of open.keys()) giveUp(id, reason)
    },
  })
}
