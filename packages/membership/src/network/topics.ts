import { randomBytes } from 'node:crypto'
import { limits } from '../config.ts'
import { InvalidOptionError, MessageTooLargeError } from '../errors.ts'
import type { Message as PubsubMessage } from '@chainsafe/libp2p-gossipsub'
import { reasonOf } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Libp2pNode } from './node.ts'

/** Messages to all members, by gossipsub: at most once each, in no order, to those connected at the time. */
export interface Topic {
  publish(bytes: Uint8Array): Promise<void>
  /** @returns how to unsubscribe */
  subscribe(listener: (bytes: Uint8Array) => void): () => void
}

/** Makes equal payloads different messages. */
const nonceLength = 12

export const topicWireName = (cluster: string, name: string): string => `grapevine/${cluster}/${name}`

export const openTopic = (
  node: Libp2pNode,
  cluster: string,
  allowed: readonly string[],
  name: string,
  log: Log,
): Topic => {
  if (!allowed.includes(name)) {
    throw new InvalidOptionError(
      'topics',
      JSON.stringify(name),
      `the topics given at start: ${allowed.join(', ')}`,
    )
  }
  const wireName = topicWireName(cluster, name)
  const { pubsub } = node.services
  return {
    publish: async (bytes) => {
      if (bytes.length > limits.publish) throw new MessageTooLargeError(bytes.length, limits.publish)
      await pubsub.publish(wireName, Buffer.concat([randomBytes(nonceLength), bytes]))
    },
    subscribe: (listener) => {
      const onMessage = ({ detail }: CustomEvent<PubsubMessage>): void => {
        if (detail.topic !== wireName || detail.data.length < nonceLength) return
        try {
          listener(detail.data.subarray(nonceLength))
        } catch (error) {
          log.warn({ topic: name, reason: reasonOf(error) }, 'a listener of a topic threw')
        }
      }
      pubsub.addEventListener('message', onMessage)
      pubsub.subscribe(wireName)
      return () => pubsub.removeEventListener('message', onMessage)
    },
  }
}
