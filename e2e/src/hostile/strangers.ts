import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { garbage } from './bytes.ts'

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

/** Passes on all bytes to a port and back, and keeps what came back. */
export interface Wiretap {
  readonly port: number
  readonly captured: readonly Buffer[]
  close(): void
}

export const wiretap = async (port: number): Promise<Wiretap> => {
  const captured: Buffer[] = []
  const sockets: Socket[] = []
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    sockets.push(client, upstream)
    client.pipe(upstream)
    upstream.on('data', (bytes) => captured.push(bytes)).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    captured,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
