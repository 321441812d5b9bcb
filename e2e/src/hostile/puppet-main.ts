/**
 * A real member that does what the test tells it, good or bad: a program of its own, as a patched or a stolen instance
 * would be. It joins by its seeds or by mDNS, listens to all its topics, and obeys over the channel to its parent.
 */
import { randomBytes } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { setTimeout as delay } from 'node:timers/promises'
import { createMembership, mdns, seeds } from '@grapevine/membership'
import type { Action, Order, PuppetOptions, Reply } from './order.ts'

/** Of gossipsub: what membership bounds, or does not offer. */
interface Pubsub {
  publish(topic: string, bytes: Uint8Array): Promise<unknown>
  getSubscribers(topic: string): readonly unknown[]
  sendSubscriptions(to: string, topics: readonly string[], subscribe: boolean): void
}

/** Of libp2p: a stream of membership's own protocol. */
interface Connections {
  getConnections(): readonly {
    newStream(protocol: string): Promise<{ send(bytes: Uint8Array): unknown; close(): Promise<void> }>
  }[]
}

const options: PuppetOptions = JSON.parse(process.argv[2] ?? '')

const announced = new Promise<Connections & { readonly services: { readonly pubsub: Pubsub } }>((resolve) => {
  subscribe('grapevine:membership', (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what membership announces, see its node.ts
    resolve((message as { libp2p: Connections & { services: { pubsub: Pubsub } } }).libp2p)
  })
})
const member = await createMembership({
  name: options.name,
  cluster: options.cluster,
  secrets: [options.secret],
  listen: ['/ip4/127.0.0.1/tcp/0'],
  discovery: [options.seeds === 'mdns' ? mdns() : seeds(options.seeds)],
  topics: options.topics,
})
const libp2p = await announced
const { pubsub } = libp2p.services
const heard: Uint8Array[] = []
for (const topic of options.topics) member.topic(topic).subscribe((bytes) => void heard.push(bytes))

const requestTimeout = 10_000
/** How long listeners of a topic are waited for, in milliseconds. */
const listenersTimeout = 15_000
/** Of them in front of each message: see membership's topics. */
const nonceLength = 12

const untilHeard = async (topic: string, listeners: number): Promise<void> => {
  const until = performance.now() + listenersTimeout
  for (;;) {
    const { length } = pubsub.getSubscribers(topic)
    if (length >= listeners) return
    if (performance.now() > until) throw new Error(`${length} of ${listeners} listen to ${topic}`)
    await delay(20)
  }
}

/** A length, as an unsigned varint, and the message. */
const framed = (message: object): Uint8Array => {
  const body = Buffer.from(JSON.stringify(message))
  const length: number[] = []
  let rest = body.length
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128)
  return Buffer.concat([Buffer.from([...length, rest]), body])
}

/** Whoever hangs up on it, as it should, is told no more. */
const claimToAll = async (claims: readonly object[]): Promise<void> => {
  await Promise.allSettled(
    libp2p.getConnections().map(async (connection) => {
      const stream = await connection.newStream('/grapevine/membership/1')
      stream.send(framed({ type: 'gossip', claims }))
      await delay(20)
      await stream.close()
    }),
  )
}

const obey = async (action: Action): Promise<unknown> => {
  switch (action.do) {
    case 'request': {
      const signal = AbortSignal.timeout(requestTimeout)
      return await member.request(action.to, action.protocol, action.bytes, { signal })
    }
    case 'publish': {
      const topic = `grapevine/${options.cluster}/${action.topic}`
      await untilHeard(topic, action.listeners)
      for (const message of action.messages)
        await pubsub.publish(topic, Buffer.concat([randomBytes(nonceLength), message]))
      return undefined
    }
    case 'claim':
      return await claimToAll(action.claims)
    case 'subscribe':
      return pubsub.sendSubscriptions(action.to, action.topics, true)
    case 'tell-heard':
      return heard
    case 'tell-links':
      return member.reachable()
    case 'tell-id':
      return member.self.id
    case 'tell-members':
      return member.members().flatMap(({ name, state }) => (state === 'alive' ? [name] : []))
  }
}

process.on('message', ({ id, action }: Order) => {
  const answer = (reply: Reply): void => {
    if (process.connected) process.send?.(reply)
  }
  obey(action).then(
    (value) => answer({ id, outcome: 'done', value }),
    (error: unknown) => answer({ id, outcome: 'failed', why: String(error) }),
  )
})
// Who started it has gone, or has let it go.
process.once('disconnect', () => {
  void member.leave().finally(() => process.exit())
})
