import '../promise-with-resolvers.ts'
import { yamux } from '@libp2p/yamux'
import type { StreamMuxerFactory } from '@libp2p/interface'

/** What is used here of a yamux stream. */
interface OpeningStream extends Pick<EventTarget, 'addEventListener'> {
  sendWindowUpdate(): void
  abort(error: Error): void
}

interface OpeningMuxer {
  onCreateStream(...args: readonly unknown[]): OpeningStream
}

/**
 * Yamux, whose new streams fail alone. `@libp2p/yamux` 8.0.3 opens a stream by a frame that it sends in a
 * microtask; when the connection is aborted before that, the send throws where nobody can catch it, and ends
 * the process. Here the stream is aborted instead, which its user is told as of any other broken stream.
 *
 * And a peer that does not read what is sent to it loses its connection, not one stream of it: gossipsub, for
 * one, would not open another.
 */
export const sturdyYamux = () => (): StreamMuxerFactory => {
  const factory = yamux()()
  return {
    protocol: factory.protocol,
    createStreamMuxer: (connection) => {
      const muxer = factory.createStreamMuxer(connection)
      if (opensStreams(muxer)) openGently(muxer, (error) => setImmediate(() => connection.abort(error)))
      return muxer
    },
  }
}

const opensStreams = (muxer: object): muxer is OpeningMuxer =>
  'onCreateStream' in muxer && typeof muxer.onCreateStream === 'function'

const openGently = (muxer: OpeningMuxer, giveUp: (error: Error) => void): void => {
  const create = muxer.onCreateStream.bind(muxer)
  muxer.onCreateStream = (...args) => {
    const stream = create(...args)
    const sendWindowUpdate = stream.sendWindowUpdate.bind(stream)
    stream.sendWindowUpdate = () => {
      try {
        sendWindowUpdate()
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error(String(error)))
      }
    }
    stream.addEventListener('close', (event) => {
      const error = 'error' in event ? event.error : undefined
      if (error instanceof Error && error.name === 'StreamBufferError') giveUp(error)
    })
    return stream
  }
}
