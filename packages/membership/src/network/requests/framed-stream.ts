import { errorOf } from '@grapevine/std'
import { encodeFrame, frameReader, framesOf, type Frame } from './request-frames.ts'
import type { Stream } from '@libp2p/interface'

/** A stream of frames, from when it is opened until one of the two ends it. */
export interface FramedStream {
  /** At once, for what is small: libp2p bounds what a peer does not read, and hangs up on it. */
  send(frame: Frame): void
  /** As fast as the peer reads. Ends early, in silence, when the stream is over or the message no longer wanted. */
  sendMessage(
    kind: 'request' | 'response',
    id: number,
    message: Uint8Array,
    isWanted: (id: number) => boolean,
  ): Promise<void>
  end(reason: Error): void
  readonly isOpen: boolean
}

export interface FrameListener {
  /** What it throws ends the stream. */
  readonly received: (frame: Frame) => void
  /** Once, however it ended. */
  readonly ended: (reason: Error) => void
}

interface Sending {
  readonly id: number
  readonly frames: Iterator<Frame>
  readonly isWanted: (id: number) => boolean
  readonly done: () => void
}

export const framedStream = (stream: Stream, listener: FrameListener): FramedStream => {
  let isOpen = true
  let queue: Sending[] = []

  /** A frame of each message in turn. */
  const pump = (): void => {
    while (!stream.writableNeedsDrain) {
      const sending = queue.shift()
      if (sending === undefined) return
      const { done = false, value } = sending.frames.next()
      if (done || !sending.isWanted(sending.id)) {
        sending.done()
        continue
      }
      queue.push(sending)
      send(value)
    }
  }
  const over = (reason: Error): void => {
    if (!isOpen) return
    isOpen = false
    for (const { done } of queue) done()
    queue = []
    listener.ended(reason)
  }
  const end = (reason: Error): void => {
    over(reason)
    stream.abort(reason)
  }
  const send = (frame: Frame): void => {
    if (!isOpen) return
    try {
      stream.send(encodeFrame(frame))
    } catch (error) {
      end(errorOf(error))
    }
  }

  const read = frameReader((frame) => {
    if (isOpen) listener.received(frame)
  })
  stream.addEventListener('drain', pump)
  stream.addEventListener('close', ({ error }) =>
    over(error ?? new Error('the stream of requests was closed')),
  )
  stream.addEventListener('remoteCloseWrite', () =>
    end(new Error('the member closed the stream of requests')),
  )
  stream.addEventListener('message', ({ data }) => {
    try {
      read(data.subarray())
    } catch (error) {
      end(errorOf(error))
    }
  })

  return {
    send,
    sendMessage: (kind, id, message, isWanted) =>
      new Promise((done) => {
        if (!isOpen) return done()
        queue.push({ id, frames: framesOf(kind, id, message), isWanted, done })
        pump()
      }),
    end,
    get isOpen() {
      return isOpen && stream.status === 'open'
    },
  }
}
