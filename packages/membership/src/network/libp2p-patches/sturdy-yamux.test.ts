import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { until } from '../../testing/real-members.ts'
import { sturdyYamux } from './sturdy-yamux.ts'
import type { MultiaddrConnection, Stream } from '@libp2p/interface'

/** Bytes that the initial window of a stream holds. */
const window = 262_144

const [headerLength, windowUpdate] = [12, 1]

/** A stream of small messages over two muxers, and how much window the receiver granted with each update. */
const open = async () => {
  const [near, far] = multiaddrConnectionPair()
  const granted = updatesFrom(near)
  const [asking, answering] = [sturdyYamux(), sturdyYamux()].map((factory, side) =>
    factory.createStreamMuxer(side === 0 ? near : far),
  )
  let received = 0
  answering?.addEventListener('stream', ({ detail }) => {
    detail.addEventListener('message', ({ data }) => (received += data.byteLength))
  })
  const stream = await asking?.createStream()
  if (stream === undefined) throw new Error('no stream')
  stream.send(new Uint8Array(1))
  await until(() => received === 1)
  // The update that accepts the stream is not one for want of window.
  granted.length = 0
  return { stream, granted, received: () => received }
}

/** Of a connection whose frames carry no data towards this side. */
const updatesFrom = (connection: MultiaddrConnection): number[] => {
  const granted: number[] = []
  connection.addEventListener('message', ({ data }) => {
    const frames = Buffer.from(data.subarray())
    for (let at = 0; at < frames.length; at += headerLength)
      if (frames[at + 1] === windowUpdate) granted.push(frames.readUInt32BE(at + 8))
  })
  return granted
}

const send = async (stream: Stream, bytes: number): Promise<void> => {
  if (!stream.send(new Uint8Array(bytes))) await stream.onDrain()
}

test('a receiver grants no window while half of it is left', async () => {
  const { stream, granted, received } = await open()
  for (let sent = 1; sent < window / 2; sent += 1_000)
    await send(stream, Math.min(1_000, window / 2 - sent - 1))
  await until(() => received() === window / 2 - 1)
  expect(granted).toEqual([])
})

test('a receiver grants what was used when that is half of the window', async () => {
  const { stream, granted, received } = await open()
  await send(stream, window / 2)
  await until(() => received() === window / 2 + 1)
  await until(() => granted.length > 0)
  expect(granted).toHaveLength(1)
  expect(granted[0]).toBeGreaterThanOrEqual(window / 2)
})

test('what is larger than any window arrives whole', async () => {
  const { stream, received } = await open()
  for (let sent = 0; sent < 8 * window; sent += window) await send(stream, window)
  await until(() => received() === 8 * window + 1)
  expect(stream.status).toBe('open')
})

test('a stream that is opened on a connection that closes fails alone: nothing is thrown where nobody can catch it', async () => {
  const [near] = multiaddrConnectionPair()
  const muxer = sturdyYamux().createStreamMuxer(near)
  void near.close().catch(() => undefined)
  const stream = await muxer.createStream()
  await until(() => stream.status !== 'open')
  expect(stream.status).toBe('aborted')
})
