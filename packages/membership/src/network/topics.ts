import { InvalidOptionError, type Log, reasonOf } from '@grapevine/std'
import { randomBytes } from 'node:crypto'
import { limits } from '../limits.ts'
import { MessageTooLargeError } from '../errors.ts'
import { TopicValidatorResult, type Message as PubsubMessage } from '@chainsafe/libp2p-gossipsub'
import type { Libp2pNode } from './node.ts'

/** Messages to all members, by gossipsub: at most once each, in no order, to those connected at the time. */
export interface Topic {
  publish(bytes: Uint8Array): Promise<void>
  /** @returns how to stop listening; the topic is left with its last listener */
  subscribe(listener: (bytes: Uint8Array) => void): () => void
  /**
   * Asked of each message that comes, before it is told to the listeners and passed on to others; one that is not good is
   * neither. `from`: the member that passed it on to this one. The last validator counts.
   *
   * @returns how to ask no more
   */
  validate(isGood: (bytes: Uint8Array, context: { readonly from: string }) => boolean): () => void
}

/** Makes equal payloads different messages. */
const nonceLength = 12

export const topicWireName = (cluster: string, name: string): string => `grapevine/${cluster}/${name}`

/** The topics of a member: one object for each, however often it is asked for. */
export const openTopics = (
  node: Libp2pNode,
  cluster: string,
  allowed: readonly string[],
  log: Log,
): ((name: string) => Topic) => {
  const topics = new Map<string, Topic>()
  return (name) => {
    if (!allowed.includes(name)) {
      throw new InvalidOptionError(
        'topics',
        JSON.stringify(name),
        `the topics given at start: ${allowed.join(', ')}`,
      )
    }
    const topic = topics.get(name) ?? openTopic(node, topicWireName(cluster, name), name, log)
    topics.set(name, topic)
    return topic
  }
}

/** So many messages of one topic, and so many milliseconds, are judged before the event loop goes round: some are large. */
const [mostInTurn, longestTurn] = [16, 5]

/** @returns what waits for a turn of the event loop in which less was judged than that */
const judgingInTurns = (): (() => Promise<void>) => {
  let [since, count] = [-Infinity, 0]
  const isOver = (): boolean => count > 0 && (count >= mostInTurn || performance.now() - since >= longestTurn)
  return async () => {
    while (isOver()) await new Promise((resolve) => void setImmediate(resolve))
    if (count === 0) {
      since = performance.now()
      setImmediate(() => {
        count = 0
      })
    }
    count += 1
  }
}

type Validator = Parameters<Topic['validate']>[0]

const anyIsGood: Validator = () => true

const openTopic = (node: Libp2pNode, wireName: string, name: string, log: Log): Topic => {
  const { pubsub } = node.services
  let listeners = 0
  let isGood: Validator = anyIsGood
  const turn = judgingInTurns()
  pubsub.topicValidators.set(wireName, async (peer, { data }) => {
    // Thousands of messages may come in one packet, and gossipsub has no pause of its own between them.
    await turn()
    const isWhole = data.length >= nonceLength
    return isWhole && isGood(data.subarray(nonceLength), { from: peer.toString() })
      ? TopicValidatorResult.Accept
      : TopicValidatorResult.Reject
  })
  return {
    publish: async (bytes) => {
      if (bytes.length > limits.publish) throw new MessageTooLargeError(bytes.length, limits.publish)
      await pubsub.publish(wireName, Buffer.concat([randomBytes(nonceLength), bytes]))
    },
    validate: (given) => {
      isGood = given
      return () => {
        if (isGood === given) isGood = anyIsGood
      }
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
      if (listeners === 0) pubsub.subscribe(wireName)
      listeners += 1
      let isListening = true
      return () => {
        if (!isListening) return
        isListening = false
        pubsub.removeEventListener('message', onMessage)
        listeners -= 1
        // A node that has stopped is subscribed to nothing, and says so by throwing.
        if (listeners === 0 && node.status === 'started') pubsub.unsubscribe(wireName)
      }
    },
  }
}
