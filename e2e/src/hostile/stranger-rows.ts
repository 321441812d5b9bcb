import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { clusterPort } from '../admin.ts'
import { status } from '../budget-cluster.ts'
import { ms, type Row } from '../matrix.ts'
import { costOf, showCost } from '../watch.ts'
import { giveNothing } from './replica-wire.ts'
import { expectCheap, growthTarget, idOf, insider, isGood, protocol, puppetAt } from './stage.ts'
import { strangersAt, wiretap } from './strangers.ts'

export const p1: Row = {
  id: 'P1',
  claim: '500 connections of random bytes: no stall over 100 ms, less than 64 MB more',
  run: async (stage) => {
    const { cluster, signUps, random } = stage
    await signUps.many(6, cluster.nodes)
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

/** Of multistream, Noise, a nonce, a proof for each secret, and a farewell. */
const handshakeBytes = 600

export const p3: Row = {
  id: 'P3',
  claim: 'wrong secret, or none: not one byte of user data',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const port = await clusterPort(cluster.node(0))
    const tap = await wiretap(port)
    await using stranger = await puppetAt(stage, 'stranger', {
      secret: 'not the secret of them',
      port: tap.port,
    })
    const silent = await speakPlainly(port)
    const saying = (line: string): boolean => line.includes('refused a peer: it does not know')
    await eventually(() => expect(cluster.node(0).log.filter(saying)).toHaveLength(1), { within: 15_000 })
    await signUps.many(10, cluster.nodes)
    const refused = await stranger.request(await idOf(cluster.node(0)), protocol, giveNothing).catch(String)
    expect(refused).toMatch(/UnreachableMemberError/)
    expect(await stranger.heard()).toEqual([])
    expect(await stranger.members()).toEqual([stranger.name])
    tap.close()
    const all = Buffer.concat(tap.captured).toString('latin1')
    const attempts = all.split('/multistream/1.0.0').length - 1
    expect(all.length / attempts, `bytes in each of ${attempts} attempts`).toBeLessThan(handshakeBytes)
    expect(new Set(silent)).toEqual(new Set(['/multistream/1.0.0', 'na']))
    return `${attempts} attempts, ${Math.round(all.length / attempts)} bytes each; ${await isGood(stage)}`
  },
}

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

const allowed = /^grapevine\/[\w-]+\/(users|entries|[\w-]+)$/

export const p4: Row = {
  id: 'P4',
  claim: '160,000 topic subscriptions of a member: topics stay those allowed',
  run: async (stage) => {
    const { cluster } = stage
    const before = await topicsOf(cluster.node(0))
    for (const name of before) expect(name).toMatch(allowed)
    await using hostile = await insider(stage, 'subscriber')
    const to = await idOf(cluster.node(0))
    const cost = await costOf(cluster, async () => {
      for (let batch = 0; batch < 16; batch++)
        await hostile.subscribe(
          to,
          Array.from({ length: 10_000 }, (_, index) => `flood/${batch}/${index}`),
        )
      await delay(1_000)
    })
    expect(await topicsOf(cluster.node(0))).toEqual(before)
    expect(cost.grownMb, showCost(cost)).toBeLessThan(growthTarget)
    return `${before.length} topics before and after; ${showCost(cost)}; ${await isGood(stage)}`
  },
}

const topicsOf = async (node: ClusterNode): Promise<string[]> => {
  const said = (): string[] => node.log.filter((line) => line.startsWith('topics: '))
  const before = said().length
  process.kill(node.pid, 'SIGUSR2')
  await eventually(() => expect(said().length).toBeGreaterThan(before), { within: 5_000, every: 20 })
  return (said().at(-1)?.slice('topics: '.length).split(' ') ?? []).toSorted()
}
