import { type Log, unlessAborted } from '@grapevine/std'
import { limits } from '../../limits.ts'
import { MalformedMessageError, MessageTooLargeError, UnreachableMemberError } from '../../errors.ts'
import { answerRequests, type RequestHandler } from './answering.ts'
import { requestChannel, type RequestChannel } from './request-channel.ts'
import { createSlots } from './slots.ts'
import type { Connection } from '@libp2p/interface'
import type { Links } from '../links.ts'
import type { Libp2pNode } from '../node.ts'

export interface Requests {
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  /** @returns how to stop answering */
  handle(protocol: string, handler: RequestHandler): Promise<() => void>
}

const wireName = '/grapevine/requests/2'

const openTimeout = 10_000

/** A peer that opens its stream anew may do so before the end of the old one has come through. */
const streamsPerConnection = 4

/**
 * Requests to one member, all on one stream for each connection and direction. A stream for each request cost several
 * round trips: opening, negotiating and closing it. Messages are cut in parts of 63 KiB, and others get their turn
 * after each part, so that a request of 8 MiB does not hold up the small ones; this takes the place of a second
 * stream for large ones. The stream is opened by the first request, on the connection that is the link then.
 */
export const openRequests = async (node: Libp2pNode, links: Links, log: Log): Promise<Requests> => {
  const handlers = new Map<string, RequestHandler>()
  const slots = createSlots(limits.requestsPerMember)
  const channelOn = channels(log)
  await node.handle(
    wireName,
    (stream, { remotePeer }) => answerRequests(stream, { peer: remotePeer.toString(), handlers, slots, log }),
    { maxInboundStreams: streamsPerConnection, maxOutboundStreams: streamsPerConnection },
  )
  return {
    request: async (member, protocol, bytes, { signal }) => {
      if (bytes.length > limits.request) throw new MessageTooLargeError(bytes.length, limits.request)
      const connection = links.connectionTo(member)
      if (connection === undefined) throw new UnreachableMemberError(member)
      const channel = channelOn(connection)
      // Mostly it is open: then the request is on its way when this returns.
      const open = channel instanceof Promise ? await unlessAborted(channel, signal) : channel
      return open.ask(protocol, bytes, signal)
    },
    handle: async (protocol, handler) => {
      if (handlers.has(protocol)) throw new Error(`"${protocol}" is handled already`)
      handlers.set(protocol, handler)
      let isHandling = true
      return () => {
        // Undone twice, it must not take away who came after.
        if (isHandling) handlers.delete(protocol)
        isHandling = false
      }
    },
  }
}

/** The channel on a connection: opened when it is first needed, and again when it has ended. */
const channels = (log: Log): ((connection: Connection) => RequestChannel | Promise<RequestChannel>) => {
  const open = new WeakMap<Connection, RequestChannel>()
  const opening = new WeakMap<Connection, Promise<RequestChannel>>()

  const openOn = async (connection: Connection): Promise<RequestChannel> => {
    try {
      const signal = AbortSignal.timeout(openTimeout)
      const stream = await connection.newStream(wireName, {
        signal,
        maxOutboundStreams: streamsPerConnection,
      })
      const channel = requestChannel(stream, (reason) => {
        if (!(reason instanceof MalformedMessageError)) return
        const peer = connection.remotePeer.toString()
        log.warn(
          { peer, reason: reason.message },
          'a member broke the request protocol; the stream was ended',
        )
      })
      open.set(connection, channel)
      return channel
    } finally {
      opening.delete(connection)
    }
  }
  return (connection) => {
    const channel = open.get(connection)
    if (channel?.isOpen === true) return channel
    const begun = opening.get(connection) ?? openOn(connection)
    opening.set(connection, begun)
    return begun
  }
}
