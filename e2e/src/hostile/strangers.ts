import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { garbage } from './wire/bytes.ts'

/** Sockets to one port, of somebody who knows no secret. */
export interface Strangers {
  /** Opens one and writes nothing. */
  open(): Promise<Socket>
  /** So many connections at once, with random bytes on each. */
  babble(connections: number, random: () => number): Promise<void>
  close(): void
}

export const strangersAt = (port: number): Strangers => {
  const sockets: Socket[] = []
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    // It is refused, one way or another.
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
  return {
    open,
    babble: async (connections, random) => {
      const opened = await Promise.all(Array.from({ length: connections }, open))
      for (const socket of opened) socket.write(garbage(4_096, random))
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** What came back on one connection. */
export interface Call {
  readonly heard: readonly Buffer[]
  readonly state: 'open' | 'ended'
}

/** Passes on all bytes to a port and back, and keeps what came back. */
export interface Wiretap {
  readonly port: number
  /** Oldest first. */
  readonly calls: readonly Call[]
  close(): void
}

export const wiretap = async (port: number): Promise<Wiretap> => {
  const calls: Call[] = []
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const call: { heard: Buffer[]; state: Call['state'] } = { heard: [], state: 'open' }
    calls.push(call)
    upstream.once('close', () => (call.state = 'ended'))
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    sockets.push(client, upstream)
    client.pipe(upstream)
    upstream.on('data', (bytes) => call.heard.push(bytes)).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    calls,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
