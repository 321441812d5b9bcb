import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { reasonOf } from '@grapevine/std'
import { shaper, type Shape, type Shaper } from './shaper.ts'

/** Stands before one port, for the connections of one node. */
export interface LinkProxy {
  readonly port: number
  /** Shapes every connection, the open ones too, from now on; at first they are passed on as they come. */
  reshape(next: Shapes): void
  close(): Promise<void>
}

/** Of what is sent to the port, and of what comes back. */
export interface Shapes {
  readonly there: Shape
  readonly back: Shape
}

interface Connection {
  readonly there: Shaper
  readonly back: Shaper
  end(): void
}

export interface LinkProxyDependencies {
  /** From 0 to below 1. */
  readonly random: () => number
  /** Hears why a connection ended badly. */
  readonly log: (line: string) => void
}

/**
 * A TCP proxy on 127.0.0.1. What it shapes are the bytes that TCP hands over: of packets that a network loses or reorders a
 * program would only see the delay, so what is corrupt or out of order here is worse than any network.
 */
export const openLinkProxy = async (
  target: number,
  { random, log }: LinkProxyDependencies,
): Promise<LinkProxy> => {
  let shapes: Shapes = { there: {}, back: {} }
  const connections = new Set<Connection>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    const there = shaper(shapes.there, random)
    const back = shaper(shapes.back, random)
    const end = (error?: Error | null): void => {
      if (error) log(`a connection to ${target} by the proxy of a fault ended: ${reasonOf(error)}`)
      connections.delete(connection)
      for (const stream of [near, far, there.stream, back.stream]) stream.destroy()
    }
    const connection = { there, back, end }
    connections.add(connection)
    for (const socket of [near, far])
      socket
        .setNoDelay(true)
        .on('error', end)
        .once('close', () => end())
    // Not by `pipeline`: one direction may end long before the other, and all that a pipe leaves open is ended by `end`.
    near.pipe(there.stream).pipe(far)
    far.pipe(back.stream).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')

  return {
    port: address.port,
    reshape: (next) => {
      shapes = next
      for (const { there, back } of connections) {
        there.reshape(next.there)
        back.reshape(next.back)
      }
    },
    close: async () => {
      for (const { end } of connections) end()
      server.close()
      await once(server, 'close')
    },
  }
}
