import { every, onAbort, type Clock, type Log, reasonOf } from '@grapevine/std'
import { limits } from '../limits.ts'
import { MessageTooLargeError, RequestFailedError, UnreachableMemberError } from '../errors.ts'
import { lateController, type LateController } from '../network/requests/late-controller.ts'
import { createSlots } from '../network/requests/slots.ts'
import type { RequestHandler } from '../network/requests/answering.ts'
import type { Requests } from '../network/requests/requests.ts'
import type { VirtualHostPort } from './virtual-host-port.ts'
import type { Wire } from './wire.ts'

export interface VirtualRequests extends Requests {
  received(from: string, wire: Extract<Wire, { kind: 'request' | 'answer' | 'failure' }>): void
  unlinked(peer: string): void
}

interface Waiting {
  readonly to: string
  readonly settle: (outcome: Uint8Array | Error) => void
}

interface Answering {
  readonly from: string
  readonly since: number
  readonly giveUp: LateController
  isOver: boolean
}

/** As on real links. */
const answerTimeout = 30_000

/** Requests and answers as they are on real links, bounds included, but for their parts. */
export const virtualRequests = (host: () => VirtualHostPort, clock: Clock, log: Log): VirtualRequests => {
  const handlers = new Map<string, RequestHandler>()
  const slots = createSlots(limits.requestsPerMember)
  const waiting = new Map<number, Waiting>()
  const answering = new Set<Answering>()
  let last = 0

  const giveUp = (own: Answering, reason: string): void => {
    own.isOver = true
    own.giveUp.abort(new Error(reason))
    if (answering.delete(own)) slots.free(own.from)
  }
  const answer = async (
    from: string,
    { id, protocol, bytes }: Extract<Wire, { kind: 'request' }>,
  ): Promise<void> => {
    const fail = (failure: RequestFailedError['failure']): void =>
      host().send(from, { kind: 'failure', id, failure })
    if (!slots.take(from)) return fail('busy')
    const own: Answering = { from, since: clock.now(), giveUp: lateController(), isOver: false }
    answering.add(own)
    try {
      const handler = handlers.get(protocol)
      if (handler === undefined) return fail('unknown-protocol')
      const result = await handler(bytes, contextOf(own))
      if (own.isOver) return
      if (result.length > limits.request) return fail('too-large')
      host().send(from, { kind: 'answer', id, bytes: result })
    } catch (error) {
      log.debug({ peer: from, reason: reasonOf(error) }, 'a request was not answered')
      fail('failed')
    } finally {
      if (answering.delete(own)) slots.free(from)
    }
  }
  every(clock, 1_000, () => {
    for (const own of answering) {
      if (clock.now() - own.since >= answerTimeout) giveUp(own, `no answer within ${answerTimeout} ms`)
    }
  })

  return {
    request: (member, protocol, bytes, { signal }) => {
      if (bytes.length > limits.request)
        return Promise.reject(new MessageTooLargeError(bytes.length, limits.request))
      if (!host().isLinked(member)) return Promise.reject(new UnreachableMemberError(member))
      last += 1
      const id = last
      return new Promise<Uint8Array>((resolve, reject) => {
        const settle = (outcome: Uint8Array | Error): void => {
          waiting.delete(id)
          ignore()
          if (outcome instanceof Error) reject(outcome)
          else resolve(outcome)
        }
        waiting.set(id, { to: member, settle })
        let ignore: () => void = () => undefined
        ignore = onAbort(signal, (reason) =>
          settle(reason instanceof Error ? reason : new Error('the request was given up')),
        )
        if (waiting.has(id)) host().send(member, { kind: 'request', id, protocol, bytes })
      })
    },
    handle: async (protocol, handler) => {
      if (handlers.has(protocol)) throw new Error(`"${protocol}" is handled already`)
      handlers.set(protocol, handler)
      return () => {
        if (handlers.get(protocol) === handler) handlers.delete(protocol)
      }
    },
    received: (from, wire) => {
      if (wire.kind === 'request') return void answer(from, wire)
      const asked = waiting.get(wire.id)
      if (asked?.to !== from) return
      asked.settle(wire.kind === 'answer' ? wire.bytes : new RequestFailedError(wire.failure))
    },
    unlinked: (peer) => {
      for (const { to, settle } of waiting.values()) if (to === peer) settle(new UnreachableMemberError(peer))
      for (const own of answering) if (own.from === peer) giveUp(own, 'the link broke')
    },
  }
}

const contextOf = ({ from, giveUp }: Answering): Parameters<RequestHandler>[1] => ({
  from,
  get signal() {
    return giveUp.signal
  },
})
