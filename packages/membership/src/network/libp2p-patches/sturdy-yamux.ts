import { errorOf, isError } from '@grapevine/std'
import './promise-with-resolvers.ts'
import { yamux } from '@libp2p/yamux'
import { MissingHookError } from '../../errors.ts'
import type { StreamMuxerFactory } from '@libp2p/interface'

/** What is used here of a yamux stream. */
interface YamuxStream extends Pick<EventTarget, 'addEventListener'> {
  readonly state: number
  readonly recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate(): void
  abort(error: Error): void
}

/** Of a stream that both sides have opened, neither ended nor paused; its other states carry flags in an update. */
const established = 3

interface OpeningMuxer {
  onCreateStream(...args: readonly unknown[]): YamuxStream
}

interface TakingMuxer {
  onRemoteStream(stream: YamuxStream): void
}

/**
 * Yamux that tells its window only when it matters, and whose new streams fail alone. `@libp2p/yamux` 8.0.3 opens a
 * stream by a frame that it sends in a microtask; when the connection is aborted before that, the send throws where
 * nobody can catch it, and ends the process. Here the stream is aborted instead, which its user is told as of any
 * other broken stream.
 *
 * And a peer that does not read what is sent to it loses its connection, not one stream of it: gossipsub, for
 * one, would not open another.
 */
export const sturdyYamux = (factory: StreamMuxerFactory = yamux()()): StreamMuxerFactory => ({
  protocol: factory.protocol,
  createStreamMuxer: (connection) => {
    const muxer = factory.createStreamMuxer(connection)
    if (!opensStreams(muxer)) throw new MissingHookError('@libp2p/yamux', 'onCreateStream')
    if (!takesStreams(muxer)) throw new MissingHookError('@libp2p/yamux', 'onRemoteStream')
    openGently(muxer, (error) => setImmediate(() => connection.abort(error)))
    takeGently(muxer)
    return muxer
  },
})

const opensStreams = (muxer: object): muxer is OpeningMuxer =>
  'onCreateStream' in muxer && typeof muxer.onCreateStream === 'function'

const takesStreams = (muxer: object): muxer is TakingMuxer =>
  'onRemoteStream' in muxer && typeof muxer.onRemoteStream === 'function'

/** Not by a listener: the first one of a muxer gets the streams that were opened early, and libp2p's own waits for them. */
const takeGently = (muxer: TakingMuxer): void => {
  const take = muxer.onRemoteStream.bind(muxer)
  muxer.onRemoteStream = (stream) => {
    updateSeldom(stream)
    take(stream)
  }
}

/**
 * The window is told anew when half of it is used, as the yamux of its inventors does; this one answers every packet
 * with an update, which costs both sides as much as a packet of data.
 */
const updateSeldom = (stream: YamuxStream): void => {
  checkStream(stream)
  const sendWindowUpdate = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    const isPlenty = stream.recvWindowCapacity > stream.recvWindow / 2
    if (stream.state !== established || !isPlenty) sendWindowUpdate()
  }
}

const checkStream = (stream: object): void => {
  const missing = (['state', 'recvWindow', 'recvWindowCapacity', 'sendWindowUpdate'] as const).find(
    (name) => typeof Reflect.get(stream, name) !== (name === 'sendWindowUpdate' ? 'function' : 'number'),
  )
  if (missing !== undefined) throw new MissingHookError('@libp2p/yamux', `${missing} of a stream`)
}

const openGently = (muxer: OpeningMuxer, giveUp: (error: Error) => void): void => {
  const create = muxer.onCreateStream.bind(muxer)
  muxer.onCreateStream = (...args) => {
    const stream = create(...args)
    updateSeldom(stream)
    const sendWindowUpdate = stream.sendWindowUpdate.bind(stream)
    stream.sendWindowUpdate = () => {
      try {
        sendWindowUpdate()
      } catch (error) {
        stream.abort(errorOf(error))
      }
    }
    stream.addEventListener('close', (event) => {
      const error = 'error' in event ? event.error : undefined
      if (isError(error) && error.name === 'StreamBufferError') giveUp(error)
    })
    return stream
  }
}
