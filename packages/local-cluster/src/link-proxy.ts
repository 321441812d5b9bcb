import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Transform, type Duplex, type TransformCallback } from 'node:stream'
import { messageOf } from './errors.ts'

/** What a proxy does to the bytes of one direction. Changed while connections are open; empty, it passes them on. */
export interface Shape {
  bitsPerSecond?: number | undefined
  delayMs?: number | undefined
  /** In this share of the chunks one bit is flipped. */
  corruptShare?: number | undefined
}

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
 * A TCP proxy on 127.0.0.1. TCP hands over its bytes in order whatever the network does, so there is no reordering here:
 * what a program would see of reordered packets is delay.
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
      if (error) log(`[local-cluster] a proxied connection to ${target} ended: ${messageOf(error)}`)
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

function shaper(shape: Shape, random: () => number): Transform {
  /** Chunks under way, in order; each has a timer, and whichever timer fires hands on the oldest. */
  const underWay: Buffer[] = []
  /** When the last byte has left a line of that rate, and when it arrives. */
  let lineFree = 0
  let arrival = 0
  let whenEmpty: () => void = () => undefined

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const now = performance.now()
      const onTheLine = shape.bitsPerSecond === undefined ? 0 : (chunk.length * 8_000) / shape.bitsPerSecond
      lineFree = Math.max(lineFree, now) + onTheLine
      arrival = Math.max(arrival, lineFree + (shape.delayMs ?? 0))
      const sent = hit(shape.corruptShare, random) ? flipped(chunk, random) : chunk
      if (arrival - now < 1 && underWay.length === 0) return done(null, sent)
      underWay.push(sent)
      setTimeout(() => {
        const arrived = underWay.shift()
        if (!this.destroyed) this.push(arrived)
        if (underWay.length === 0) whenEmpty()
      }, arrival - now)
      // The rate holds the sender back; the delay does not, as on a long line.
      setTimeout(done, lineFree - now)
    },
    flush(done) {
      if (underWay.length === 0) return done()
      whenEmpty = done
    },
  })
}

function hit(share: number | undefined, random: () => number): boolean {
  return share !== undefined && random() < share
}

function flipped(chunk: Buffer, random: () => number): Buffer {
  const copy = Buffer.from(chunk)
  const position = Math.floor(random() * copy.length)
  copy.writeUInt8(copy.readUInt8(position) ^ (1 << Math.floor(random() * 8)), position)
  return copy
}
