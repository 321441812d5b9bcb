import { Socket } from 'node:net'
import { MissingHookError } from '../../errors.ts'

/**
 * What is sent by one piece of code, up to where it waits, leaves in one write. libp2p writes each piece by itself: the two bytes of
 * length before a packet of Noise, the packet, those of the window update that yamux answers each packet with. Without
 * Nagle's algorithm, which would delay them, each is a system call and a segment, and wakes the other side.
 */
export const gatherWrites = <T extends object>(connection: T): T => {
  const socket = 'socket' in connection ? connection.socket : undefined
  if (!(socket instanceof Socket)) throw new MissingHookError('@libp2p/tcp', 'socket of a connection')
  if (!('sendData' in connection) || typeof connection.sendData !== 'function')
    throw new MissingHookError('@libp2p/tcp', 'sendData() of a connection')
  const sendData = connection.sendData.bind(connection)
  const gather = gathering(socket)
  return Object.assign(connection, {
    sendData: (data: unknown): unknown => {
      gather()
      return sendData(data)
    },
  })
}

const gathering = (socket: Socket): (() => void) => {
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    socket.cork()
    queueMicrotask(() => {
      isGathering = false
      socket.uncork()
    })
  }
}
