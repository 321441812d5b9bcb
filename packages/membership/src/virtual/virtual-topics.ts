import { BoundedMap, InvalidOptionError, reasonOf, type Log } from '@grapevine/std'
import { limits } from '../limits.ts'
import { MessageTooLargeError } from '../errors.ts'
import type { Topic } from '../network/topics.ts'
import type { VirtualHostPort } from './virtual-host-port.ts'
import type { Wire } from './wire.ts'

type Gossip = Extract<Wire, { kind: 'gossip' }>
type Validator = Parameters<Topic['validate']>[0]

interface OpenTopic {
  readonly topic: Topic
  received(from: string, gossip: Gossip): void
}

export interface VirtualTopics {
  open(name: string): Topic
  received(from: string, gossip: Gossip): void
}

export interface TopicParts {
  readonly id: string
  readonly allowed: readonly string[]
  readonly host: () => VirtualHostPort
  readonly links: () => Iterable<string>
  readonly log: Log
}

/** Messages that are remembered, so that none is told twice. */
const mostSeen = 4_096

/** Floods along the links: judged before it is told and passed on, at most once each, in no order; to those linked at the time. */
export const virtualTopics = ({ id, allowed, host, links, log }: TopicParts): VirtualTopics => {
  const seen = new BoundedMap<string, true>(mostSeen)
  const topics = new Map<string, OpenTopic>()
  let published = 0

  const flood = (gossip: Gossip, but?: string): void => {
    for (const peer of links()) if (peer !== but) host().send(peer, gossip)
  }
  const openTopic = (name: string): OpenTopic => {
    const listeners = new Set<Parameters<Topic['subscribe']>[0]>()
    let isGood: Validator = () => true
    return {
      topic: {
        publish: async (bytes) => {
          if (bytes.length > limits.publish) throw new MessageTooLargeError(bytes.length, limits.publish)
          published += 1
          const gossip = { kind: 'gossip', id: `${id} ${published}`, topic: name, bytes } as const
          seen.set(gossip.id, true)
          flood(gossip)
        },
        subscribe: (listener) => {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
        validate: (given) => {
          isGood = given
          return () => {
            if (isGood === given) isGood = () => true
          }
        },
      },
      received: (from, gossip) => {
        if (listeners.size === 0 || !isGood(gossip.bytes, { from })) return
        flood(gossip, from)
        for (const listener of listeners) {
          try {
            listener(gossip.bytes)
          } catch (error) {
            log.warn({ topic: name, reason: reasonOf(error) }, 'a listener of a topic threw')
          }
        }
      },
    }
  }
  const find = (name: string): OpenTopic => {
    const topic = topics.get(name) ?? openTopic(name)
    topics.set(name, topic)
    return topic
  }

  return {
    open: (name) => {
      if (!allowed.includes(name))
        throw new InvalidOptionError(
          'topics',
          JSON.stringify(name),
          `the topics given at start: ${allowed.join(', ')}`,
        )
      return find(name).topic
    },
    received: (from, gossip) => {
      if (!allowed.includes(gossip.topic) || seen.get(gossip.id) !== undefined) return
      seen.set(gossip.id, true)
      find(gossip.topic).received(from, gossip)
    },
  }
}
