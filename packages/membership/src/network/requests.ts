import { lpStream } from '@libp2p/utils'
import { limits } from '../config.ts'
import { MessageTooLargeError, UnreachableMemberError } from '../errors.ts'
import { reasonOf, type Links } from './links.ts'
import type { Stream } from '@libp2p/interface'
import type { Log } from '../log.ts'
import type { Node } from './node.ts'

/** Answers one request of a member; what it throws reaches the member as a closed stream. */
export type RequestHandler = (
  request: Uint8Array,
  context: { readonly from: string; readonly signal: AbortSignal },
) => Promise<Uint8Array> | Uint8Array

export interface Requests {
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  handle(protocol: string, handler: RequestHandler): Promise<void>
}

/** How long a handler may take, in milliseconds. */
const answerTimeout = 30_000

/** Requests to one member: a stream each, one message there and one back, both of bounded size. */
export const openRequests = (node: Node, links: Links, log: Log): Requests => ({
  request: async (member, protocol, bytes, { signal }) => {
    checkSize(bytes)
    const connection = links.connectionTo(member)
    if (connection === undefined) throw new UnreachableMemberError(member)
    const stream = await connection.newStream(wireName(protocol), { signal, maxOutboundStreams: 256 })
    return converse(stream, signal, async (messages) => {
      await messages.write(bytes, { signal })
      return (await messages.read({ signal })).subarray()
    })
  },
  handle: async (protocol, handler) => {
    await node.handle(
      wireName(protocol),
      async (stream, { remotePeer }) => {
        const signal = AbortSignal.timeout(answerTimeout)
        const from = remotePeer.toString()
        try {
          await converse(stream, signal, async (messages) => {
            const answer = await handler((await messages.read({ signal })).subarray(), { from, signal })
            checkSize(answer)
            await messages.write(answer, { signal })
          })
        } catch (error) {
          log.debug({ peer: from, protocol, reason: reasonOf(error) }, 'a request was not answered')
        }
      },
      { maxInboundStreams: limits.requestsPerMember },
    )
  },
})

const wireName = (protocol: string): string => `/grapevine/request/1/${protocol}`

const converse = async <T>(
  stream: Stream,
  signal: AbortSignal,
  talk: (messages: ReturnType<typeof lpStream<Stream>>) => Promise<T>,
): Promise<T> => {
  try {
    const result = await talk(
      lpStream(stream, { maxDataLength: limits.request, maxBufferSize: 2 * limits.request }),
    )
    await stream.close({ signal })
    return result
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

const checkSize = (bytes: Uint8Array): void => {
  if (bytes.length > limits.request) throw new MessageTooLargeError(bytes.length, limits.request)
}
