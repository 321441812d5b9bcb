import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { gatherWrites } from './gather-writes.ts'

/** A socket that remembers each write that it would hand to the system, and sends nothing. */
class RecordingSocket extends Socket {
  readonly writes: string[] = []

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.writes.push(Buffer.from(chunk).toString())
    done()
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString())
    done()
  }
}

/** As the TCP connection of libp2p: each piece is a write. */
const connect = () => {
  const socket = new RecordingSocket()
  const connection = gatherWrites({
    socket,
    sendData: (pieces: readonly string[]): number => {
      for (const piece of pieces) socket.write(Buffer.from(piece))
      return pieces.length
    },
  })
  return { connection, socket }
}

test('what one piece of code sends leaves in one write, in its order', async () => {
  const { connection, socket } = connect()
  connection.sendData(['length ', 'packet '])
  connection.sendData(['window update'])
  expect(socket.writes).toEqual([])
  await Promise.resolve()
  expect(socket.writes).toEqual(['length packet window update'])
})

test('what is sent after a wait leaves in a write of its own', async () => {
  const { connection, socket } = connect()
  connection.sendData(['one'])
  await Promise.resolve()
  connection.sendData(['an', 'other'])
  await Promise.resolve()
  expect(socket.writes).toEqual(['one', 'another'])
})

test('who sends is answered as by the connection itself', () => {
  const { connection } = connect()
  expect(connection.sendData(['a', 'b', 'c'])).toBe(3)
})

test('a connection that throws while it sends does not keep the socket waiting', async () => {
  const socket = new RecordingSocket()
  const connection = gatherWrites({
    socket,
    sendData: () => {
      socket.write(Buffer.from('half'))
      throw new Error('the other half is lost')
    },
  })
  expect(() => connection.sendData()).toThrow('the other half is lost')
  await Promise.resolve()
  expect(socket.writes).toEqual(['half'])
  expect(socket.writableCorked).toBe(0)
})

test('a connection without a socket is refused: the patch would do nothing, silently', () => {
  expect(() => gatherWrites({ sendData: () => undefined })).toThrow(
    '@libp2p/tcp has no socket of a connection',
  )
  expect(() => gatherWrites({ socket: new Socket() })).toThrow('@libp2p/tcp has no sendData()')
})
