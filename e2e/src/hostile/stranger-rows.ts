import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { clusterPort } from '../cluster/admin.ts'
import { status } from '../cluster/budget-cluster.ts'
import { ms, type Row } from '../matrix.ts'
import { costOf, showCost } from '../cluster/watch.ts'
import { message } from './wire/fact-wire.ts'
import {
  env,
  expectCheap,
  growthTarget,
  idOf,
  insider,
  isGood,
  protocol,
  puppetAt,
  settled,
} from './stage.ts'
import { strangersAt, wiretap, type Wiretap } from './strangers.ts'
import { pretences, pretend } from './unproven.ts'

export const p1: Row = {
  id: 'P1',
  claim: '500 connections of random bytes: no stall over 100 ms, less than 64 MB more',
  run: async (stage) => {
    const { cluster, random } = stage
    await settled(stage)
    const strangers = strangersAt(await clusterPort(cluster.node(0)))
    const cost = await costOf(cluster, async () => {
      for (let batch = 0; batch < 10; batch++) await strangers.babble(50, random)
      await delay(500)
    })
    strangers.close()
    expectCheap(cost)
    return `${showCost(cost)}; ${await isGood(stage)}`
  },
}

export const p2: Row = {
  id: 'P2',
  claim: '10 idle sockets held on the cluster port: a real member joins within 5 s',
  run: async (stage) => {
    await settled(stage)
    const port = await clusterPort(stage.cluster.node(0))
    const strangers = strangersAt(port)
    await Promise.all(Array.from({ length: 10 }, () => strangers.open()))
    const began = performance.now()
    await using newcomer = await puppetAt(stage, 'newcomer', { port })
    await eventually(
      async () => {
        const { members } = await status(stage.cluster.node(0))
        expect(members).toContainEqual(expect.objectContaining({ name: newcomer.name, state: 'alive' }))
      },
      { within: 15_000, every: 20 },
    )
    const took = performance.now() - began
    strangers.close()
    expect(took, `joined after ${ms(took)}`).toBeLessThanOrEqual(5_000)
    return `joined ${ms(took)} after its process was started`
  },
}

/** The last byte of a refused member, as Noise frames it, arrives or not: both sides hang up at that moment. */
const farewellBytes = 2 + 1 + 16

/** How many bytes came back in each attempt that has ended, from this one on. */
const sizesOf = ({ calls }: Wiretap, from = 0): number[] =>
  calls
    .slice(from)
    .filter(({ state }) => state === 'ended')
    .map(({ heard }) => Buffer.concat(heard).length)

const attempts = async (tap: Wiretap, count: number, from = 0): Promise<number[]> =>
  await eventually(
    () => {
      const sizes = sizesOf(tap, from)
      expect(sizes.length, 'attempts').toBeGreaterThanOrEqual(count)
      return sizes
    },
    { within: 20_000 },
  )

export const p3: Row = {
  id: 'P3',
  claim: 'wrong secret, or none: not one byte of user data',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const node = cluster.node(0)
    const port = await clusterPort(node)
    const tap = await wiretap(port)
    await using stranger = await puppetAt(stage, 'stranger', {
      secret: 'not the secret of them',
      port: tap.port,
    })
    const peer = await stranger.id()
    const refusals = (): unknown[] => node.log.filter((line) => line.includes(peer) && line.includes(refusal))
    await eventually(() => expect(refusals()).toHaveLength(1), { within: 15_000 })
    const before = await attempts(tap, 2)
    await signUps.many(10, cluster.nodes)
    const after = await attempts(tap, 2, tap.calls.length)
    const asked = await stranger.request(await idOf(node), protocol, message(5, { 1: 1 })).catch(String)
    expect(asked).toMatch(/UnreachableMemberError/)
    expect(await stranger.heard()).toEqual([])
    expect(await stranger.members()).toEqual([stranger.name])
    tap.close()
    // Ten more users, and not a byte more.
    const sizes = [...before, ...after]
    const spread = Math.max(...sizes) - Math.min(...sizes)
    expect([0, farewellBytes], `before ${before.join(', ')}, after ${after.join(', ')}`).toContain(spread)
    expect(new Set(await speakPlainly(port))).toEqual(new Set(['/multistream/1.0.0', 'na']))
    for (const [name, shown] of pretences)
      expect(await saidTo(port, shown), name).toEqual(['a nonce', 'its proofs', 'a farewell'])
    return `${before.length} attempts before and ${after.length} after 10 sign-ups, ${Math.min(...sizes)} to ${Math.max(...sizes)} bytes each; ${pretences.length} pretences in Noise: a nonce and its proofs, no more; ${await isGood(stage)}`
  },
}

const refusal = 'refused a peer: it does not know'

/** All that a member says to somebody who proves nothing, in words. */
const saidTo = async (port: number, shown: (proofs: Buffer) => Uint8Array): Promise<string[]> => {
  const strangers = strangersAt(port)
  const said = await pretend(await strangers.open(), shown)
  strangers.close()
  return said.map((bytes) => handshake.get(bytes.length) ?? bytes.toString('latin1'))
}

/** What belongs to the handshake of a cluster with one secret, by its length: random numbers, their HMAC, a zero. */
const handshake = new Map([
  [32, 'a nonce'],
  [1 + 32, 'its proofs'],
  [1, 'a farewell'],
])

/** Asks for each protocol without any encryption. Resolves to the words of the answer. */
const speakPlainly = async (port: number): Promise<string[]> => {
  const strangers = strangersAt(port)
  const socket = await strangers.open()
  const heard: Buffer[] = []
  socket.on('data', (bytes) => heard.push(bytes))
  for (const line of [
    '/multistream/1.0.0',
    '/yamux/1.0.0',
    '/meshsub/1.1.0',
    `/grapevine/request/1/${protocol}`,
  ])
    socket.write(Buffer.concat([Buffer.of(line.length + 1), Buffer.from(`${line}\n`)]))
  await Promise.race([once(socket, 'close'), delay(500)])
  strangers.close()
  return (
    Buffer.concat(heard)
      .toString('latin1')
      .match(/[\w/.-]+(?=\n)/g) ?? []
  )
}

/** Gossipsub does not read a message of more subscriptions at all, whatever they are to. */
const mostAtOnce = 5_000

const cluster = env['CLUSTER_NAME'] ?? ''
const allowed = new RegExp(`^grapevine/${cluster}/(users|entries|sessions-[012]|membership)$`)

export const p4: Row = {
  id: 'P4',
  claim: '160,000 topic subscriptions of a member: topics stay those allowed',
  run: async (stage) => {
    await settled(stage)
    const node = stage.cluster.node(0)
    const { topics: before } = await heldBy(node)
    for (const name of before) expect(name).toMatch(allowed)
    await using hostile = await insider(stage, 'subscriber')
    const [to, peer] = [await idOf(node), await hostile.id()]
    const last = `grapevine/${cluster}/entries`
    const subscribed = async (): Promise<boolean> =>
      (await heldBy(node)).subscribers.includes(`${last}=${peer}`)
    expect(await subscribed()).toBe(false)
    const flood = [...Array.from({ length: 160_000 - 1 }, (_, index) => `flood/${index}`), last]
    const cost = await costOf(stage.cluster, async () => {
      for (let sent = 0; sent < flood.length; sent += mostAtOnce)
        await hostile.subscribe(to, flood.slice(sent, sent + mostAtOnce))
      // It stands at the end of the last message, and all of them go by one stream: once it is taken, all were looked at.
      await eventually(async () => expect(await subscribed(), 'the last one is taken').toBe(true), {
        within: 15_000,
      })
    })
    expect((await heldBy(node)).topics).toEqual(before)
    expect(cost.grownMb, showCost(cost)).toBeLessThan(growthTarget)
    return `${before.length} topics before and after, and one more listener to one of them; ${showCost(cost)}; ${await isGood(stage)}`
  },
}

interface Held {
  readonly topics: readonly string[]
  /** Topic and id of who listens to it, as far as the node knows. */
  readonly subscribers: readonly string[]
}

/** What gossipsub of a node holds; see fixtures/tell-topics.mjs. */
const heldBy = async (node: ClusterNode): Promise<Held> => {
  const said = (): string[] => node.log.filter((line) => line.startsWith('topics: '))
  const before = said().length
  process.kill(node.pid, 'SIGUSR2')
  await eventually(() => expect(said().length).toBeGreaterThan(before), { within: 5_000, every: 20 })
  const [topics = '', subscribers = ''] =
    said().at(-1)?.slice('topics: '.length).split('; subscribers: ') ?? []
  return { topics: topics.split(' ').toSorted(), subscribers: subscribers.split(' ') }
}
