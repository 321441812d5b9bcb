import { lpStream } from '@libp2p/utils'
import { limits } from '../limits.ts'
import type { Stream } from '@libp2p/interface'

/** Messages to one peer, one after the other, and no more of them in memory than the bound. */
export interface SendQueue {
  /** Drops the message when the peer has not taken enough of those before it. */
  post(message: Uint8Array): void
}

export const openSendQueue = (stream: Stream, failed: (error: unknown) => void): SendQueue => {
  const out = lpStream(stream)
  const waiting: Uint8Array[] = []
  let bytes = 0
  let sending = false

  const sendAll = async (): Promise<void> => {
    sending = true
    try {
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        await out.write(next)
        waiting.shift()
        bytes -= next.length
      }
    } catch (error) {
      // The stream is broken, and with it the link, which is told of elsewhere.
      waiting.length = 0
      bytes = 0
      failed(error)
    } finally {
      sending = false
    }
  }

  return {
    post: (message) => {
      if (stream.status !== 'open' || bytes + message.length > limits.sendQueue) return
      waiting.push(message)
      bytes += message.length
      if (!sending) void sendAll()
    },
  }
}
