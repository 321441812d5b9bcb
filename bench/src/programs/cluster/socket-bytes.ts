import { subscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'

/**
 * Counts what crosses all TCP sockets of this process from now on, both ways: encryption, multiplexing and the
 * membership's own talk included, as a network would count it but for TCP's headers.
 *
 * @returns the bytes so far
 */
export const countSocketBytes = (): (() => number) => {
  const open = new Set<Socket>()
  let closed = 0
  const watch = (message: unknown): void => {
    const socket =
      typeof message === 'object' && message !== null && 'socket' in message ? message.socket : undefined
    if (!(socket instanceof Socket)) return
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      closed += bytesOf(socket)
    })
  }
  subscribe('net.client.socket', watch)
  subscribe('net.server.socket', watch)
  return () => [...open].reduce((sum, socket) => sum + bytesOf(socket), closed)
}

const bytesOf = ({ bytesRead, bytesWritten }: Socket): number => bytesRead + bytesWritten
