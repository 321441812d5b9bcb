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

const options: PuppetOptions = JSON.parse(process.argv[2] ?? '')

const announced = new Promise<Pubsub>((resolve) => {
  subscribe('grapevine:membership', (message) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what membership announces, see its node.ts
    resolve((message as { libp2p: { services: { pubsub: Pubsub } } }).libp2p.services.pubsub)
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
const pubsub = await announced
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
