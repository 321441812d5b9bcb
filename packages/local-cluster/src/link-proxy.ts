import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { messageOf } from './errors.ts'
import { shaper, type Shape } from './shaper.ts'

/** Stands before one port, for the connections of one node. */
export interface LinkProxy {
  readonly port: number
  /** Of what is sent to the port, and of what comes back. */
  readonly shapes: { readonly there: Shape; readonly back: Shape }
  close(): Promise<void>
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
export async function openLinkProxy(
  target: number,
  { random, log }: LinkProxyDependencies,
): Promise<LinkProxy> {
  const shapes = { there: {}, back: {} }
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    for (const socket of [near, far]) sockets.add(socket.setNoDelay(true))
    const end = (error?: Error | null): void => {
      if (error) log(`a connection to ${target} by the proxy of a fault ended: ${messageOf(error)}`)
      for (const socket of [near, far]) {
        sockets.delete(socket)
        socket.destroy()
      }
    }
    for (const socket of [near, far]) socket.on('error', end).once('close', () => end())
    pipe(near, far, shapes.there, random)
    pipe(far, near, shapes.back, random)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')

  return {
    port: address.port,
    shapes,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Its own pipe and not `pipeline`: one direction may end long before the other, and both end by `end` above. */
function pipe(from: Duplex, to: Duplex, shape: Shape, random: () => number): void {
  from.pipe(shaper(shape, random)).pipe(to)
}
