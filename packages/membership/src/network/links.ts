import { type Log, errorOf, reasonOf } from '@grapevine/std'
import { lpStream } from '@libp2p/utils'
import { limits } from '../limits.ts'
import { decodeMessage, encodeMessage, type Message } from '../core/state/messages.ts'
import { openSendQueue, type SendQueue } from './send-queue.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { Libp2pNode } from './node.ts'

/**
 * One link to each connected peer: a stream of our own to send on, their stream to read from. Links are
 * opened on every new connection and told of only when messages can be sent.
 */
export interface Links {
  /** Sends it after what was sent before; what a slow peer does not take is dropped, as a datagram would be. */
  send(peer: string, message: Message): void
  /** Closes the link; the listener is not told. With `flush` what was sent before goes out first, for a second at most. */
  hangUp(peer: string, flush?: boolean): void
  connectionTo(peer: string): Connection | undefined
  close(): void
}

export interface LinkListener {
  readonly linked: (peer: string) => void
  readonly unlinked: (peer: string) => void
  readonly received: (from: string, message: Message) => void
  readonly malformed: (from: string) => void
}

interface Link {
  readonly connection: Connection
  readonly sendQueue: SendQueue
}

const linkTimeout = 10_000

export const openLinks = async (
  node: Libp2pNode,
  protocol: string,
  listener: LinkListener,
  log: Log,
): Promise<Links> => {
  const links = new Map<string, Link>()
  const opening = new Set<string>()

  const connectionsTo = (peer: string): readonly Connection[] =>
    node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer)

  const undeliverable = (peer: string, error: unknown): void =>
    log.debug({ peer, reason: reasonOf(error) }, 'a membership message was not sent')

  const open = async (connection: Connection): Promise<void> => {
    const peer = connection.remotePeer.toString()
    if (
      links.get(peer)?.connection === connection ||
      opening.has(connection.id) ||
      connection.status !== 'open'
    )
      return
    opening.add(connection.id)
    try {
      const stream = await connection.newStream(protocol, { signal: AbortSignal.timeout(linkTimeout) })
      // The newest connection is the link: after a silent cut the older one is dead, and this side may not know yet.
      links.set(peer, { connection, sendQueue: openSendQueue(stream, (error) => undeliverable(peer, error)) })
      stream.addEventListener('close', () => drop(peer, connection), { once: true })
      listener.linked(peer)
    } catch (error) {
      log.debug({ peer, reason: reasonOf(error) }, 'a connection could not be made a link')
      abortSoon(connection, errorOf(error))
    } finally {
      opening.delete(connection.id)
    }
    if (connection.status !== 'open') drop(peer, connection)
  }

  /** A link without its stream is of no use; another connection to the same peer may take over. */
  const drop = (peer: string, connection: Connection): void => {
    if (links.get(peer)?.connection === connection) {
      links.delete(peer)
      abortSoon(connection, new Error('the membership stream was closed'))
      listener.unlinked(peer)
    }
    const spare = connectionsTo(peer).find((other) => other !== connection)
    // The spare one may be closing in this same moment.
    if (spare !== undefined) setImmediate(() => void open(spare))
  }

  const onOpen = ({ detail }: CustomEvent<Connection>): void => void open(detail)
  const onClose = ({ detail }: CustomEvent<Connection>): void => drop(detail.remotePeer.toString(), detail)
  node.addEventListener('connection:open', onOpen)
  node.addEventListener('connection:close', onClose)
  await node.handle(protocol, (stream, connection) => read(stream, connection, listener, log), {
    // The old link of a peer may still be closing when its new one opens.
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
  })

  return {
    send: (peer, message) => links.get(peer)?.sendQueue.post(encodeMessage(message)),
    hangUp: (peer, flush = false) => {
      links.delete(peer)
      for (const connection of connectionsTo(peer)) {
        if (flush) void closeFlushed(connection)
        else abortSoon(connection, new Error('the link was given up'))
      }
    },
    connectionTo: (peer) => links.get(peer)?.connection,
    close: () => {
      node.removeEventListener('connection:open', onOpen)
      node.removeEventListener('connection:close', onClose)
    },
  }
}

/** Reads a peer's messages until its stream ends; one malformed message ends the connection. */
const read = async (
  stream: Stream,
  connection: Connection,
  listener: LinkListener,
  log: Log,
): Promise<void> => {
  const peer = connection.remotePeer.toString()
  const messages = lpStream(stream, {
    maxDataLength: limits.controlMessage,
    maxBufferSize: 2 * limits.controlMessage,
  })
  try {
    for (;;) listener.received(peer, decodeMessage((await messages.read()).subarray()))
  } catch (error) {
    // A stream that ended is how every link ends; anything else is the peer's fault.
    if (stream.status === 'open' && stream.remoteWriteStatus === 'writable') {
      log.warn({ peer, reason: reasonOf(error) }, 'a peer broke the membership protocol; it was disconnected')
      listener.malformed(peer)
    }
    abortSoon(connection, errorOf(error))
  }
}

const flushTimeout = 1_000

const closeFlushed = async (connection: Connection): Promise<void> => {
  try {
    await connection.close({ signal: AbortSignal.timeout(flushTimeout) })
  } catch (error) {
    abortSoon(connection, errorOf(error))
  }
}

/**
 * Not within an event of the connection: while libp2p aborts one it tells its streams first, and a second
 * abort from there makes the first one throw.
 */
const abortSoon = (connection: Connection, error: Error): void => {
  setImmediate(() => {
    if (connection.status !== 'open') return
    try {
      connection.abort(error)
    } catch {
      // It says goodbye on a socket that has just closed; it is closed all the same.
    }
  })
}
