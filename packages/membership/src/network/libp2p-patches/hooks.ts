import './promise-with-resolvers.ts'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tcp } from '@libp2p/tcp'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { gatherWrites } from './gather-writes.ts'
import { sturdyYamux } from './sturdy-yamux.ts'
import type { MultiaddrConnection, StreamMuxerFactory, Upgrader } from '@libp2p/interface'

/**
 * Whether libp2p still has the private members that the patches of this folder hold on to; asked before a member starts. The
 * packages are pinned exactly, but an app may override what is installed, and a patch without its hook would do nothing.
 *
 * @throws MissingHookError
 */
export const checkHooks = async (): Promise<void> => {
  await checkYamuxHooks(sturdyYamux())
  const connection = await tcpConnection()
  if (connection !== undefined) gatherWrites(connection)
}

/** A stream is opened on a connection that leads nowhere: each patch asks for its hooks when it is applied. */
const checkYamuxHooks = async (factory: StreamMuxerFactory): Promise<void> => {
  const [connection] = multiaddrConnectionPair()
  const muxer = factory.createStreamMuxer(connection)
  try {
    await muxer.createStream()
  } finally {
    connection.abort(new Error('the check of hooks is over'))
  }
}

/** A connection as the TCP transport makes them; none where there is no loopback: then the first real one is asked. */
export const tcpConnection = async (): Promise<MultiaddrConnection | undefined> => {
  const server = createServer((socket) => socket.on('error', () => undefined).unref())
  try {
    server.listen({ port: 0, host: '127.0.0.1', exclusive: true })
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    return await dialOnce(port)
  } catch {
    return undefined
  } finally {
    server.close()
  }
}

/** The transport hands a connection to the upgrader, which is as far as this one gets. */
const dialOnce = async (port: number): Promise<MultiaddrConnection | undefined> => {
  const [{ log }] = multiaddrConnectionPair()
  let made: MultiaddrConnection | undefined
  const refuse = async (connection: MultiaddrConnection): Promise<never> => {
    made = connection
    throw new Error('the check of hooks is over')
  }
  const upgrader: Upgrader = {
    upgradeOutbound: refuse,
    upgradeInbound: refuse,
    createInboundAbortSignal: (signal) => Object.assign(signal, { clear: () => undefined }),
    getStreamMuxers: () => new Map(),
    getConnectionEncrypters: () => new Map(),
  }
  const transport = tcp()({ logger: { forComponent: () => log } })
  const options = { upgrader, signal: AbortSignal.timeout(1_000) }
  await transport.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}`), options).catch(() => undefined)
  return made
}
