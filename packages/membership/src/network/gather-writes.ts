import { Socket } from 'node:net'

/**
 * What is sent by one piece of code, up to where it waits, leaves in one write. libp2p writes each piece by itself: the two bytes of
 * length before a packet of Noise, the packet, those of the window update that yamux answers each packet with. Without
 * Nagle's algorithm, which would delay them, each is a system call and a segment, and wakes the other side.
 */
export const gatherWrites = <T extends object>(connection: T): T => {
  const socket = 'socket' in connection ? connection.socket : undefined
  if (socket instanceof Socket && 'sendData' in connection && typeof connection.sendData === 'function') {
    const sendData = connection.sendData.bind(connection)
    Object.assign(connection, {
      sendData: (data: unknown): unknown => gathering(socket, () => sendData(data)),
    })
  }
  return connection
}

/** Node counts the calls of `cork`: the last `uncork` writes. */
const gathering = <T>(socket: Socket, work: () => T): T => {
  socket.cork()
  queueMicrotask(() => socket.uncork())
  return work()
}
