import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { exportUsers, usersReplica } from '../cluster/admin.ts'
import { addCrowd } from '../people/crowd.ts'
import { costOf, showCost, type Cost } from '../cluster/watch.ts'
import { attacksOn, isGossip, type Attack } from './attacks.ts'
import { message } from './wire/fact-wire.ts'
import {
  contentOf,
  counted,
  expectCheap,
  growthTarget,
  idOf,
  insider,
  isGood,
  protocol,
  refusedBy,
  saidOf,
  settled,
  sumOf,
  topic,
  turnedAwayBy,
} from './stage.ts'
import { deletesUpdate } from './wire/yjs-update.ts'
import type { Puppet } from './puppet.ts'
import type { Row, Stage } from '../matrix.ts'

/** As membership tells an asker that a handler refused: not that it was late, busy, or not there. */
const refusal = 'RequestFailedError: the member did not answer the request: failed'

/** Short of what gets a member cut off, which would be refused whatever it sends. */
const beforeCutOff = 7

/** Sends it by request. It must be refused by the node's judgement of it, told in its log. Resolves to the reason. */
const judged = async (
  hostile: Puppet,
  node: ClusterNode,
  { name, bytes }: Pick<Attack, 'name' | 'bytes'>,
): Promise<string> => {
  const peer = await hostile.id()
  const reasons = (): string[] => saidOf(node, peer, refusedMessage).map(({ reason }) => reason)
  const before = reasons().length
  const refused = await usersReplica(node)
  const asking = hostile.request(await idOf(node), protocol, bytes)
  const outcome = await asking.then(() => 'taken', String)
  expect(outcome, name).toContain(refusal)
  expect((await usersReplica(node)).refused - refused.refused, `${name}: counted`).toBe(1)
  await eventually(() => expect(reasons().length, `${name}: logged`).toBe(before + 1), { within: 5_000 })
  return reasons().at(-1) ?? ''
}
const refusedMessage = 'what a member sent did not pass the gate'

/** By gossip: each node holds it against the gate before it passes it on, and who sent it is not listened to any more. */
const judgedByAll = async (stage: Stage, attacks: readonly Attack[]): Promise<Cost> => {
  const { cluster } = stage
  await using hostile = await insider(stage, 'gossip')
  const before = await counted(stage)
  return await costOf(cluster, async () => {
    await hostile.publish(
      topic,
      attacks.map(({ bytes }) => bytes),
      cluster.nodes.length,
    )
    await eventually(
      async () => {
        const now = await counted(stage)
        for (const [index, { refused }] of now.entries())
          expect(refused - (before[index]?.refused ?? 0), 'refused').toBeGreaterThanOrEqual(beforeCutOff)
      },
      { within: 10_000, every: 50 },
    )
  })
}

/** Each for its own reason, on one node: a few of each member, so that none is refused for what came before. */
const judgedAlone = async (stage: Stage, node: ClusterNode, attacks: readonly Attack[]): Promise<Cost[]> => {
  const costs: Cost[] = []
  for (let at = 0; at < attacks.length; at += beforeCutOff) {
    await using hostile = await insider(stage, `hostile-${at}`)
    const cost = await costOf(stage.cluster, async () => {
      for (const attack of attacks.slice(at, at + beforeCutOff))
        expect(await judged(hostile, node, attack), attack.name).toMatch(attack.why)
    })
    expect((await usersReplica(node)).cutOff).toEqual([])
    costs.push(cost)
  }
  return costs
}

/** One more than is put up with: that member, and no other, is not listened to, for a second at first. */
const dropped = async (stage: Stage, node: ClusterNode, attack: Attack): Promise<void> => {
  await using hostile = await insider(stage, 'dropped')
  const peer = await hostile.id()
  for (let times = 0; times <= beforeCutOff; times++) await judged(hostile, node, attack)
  expect((await usersReplica(node)).cutOff, 'members that are not listened to').toEqual([peer])
  const spoken = 'a member keeps sending what is refused; it is not listened to for a while'
  await eventually(() => expect(saidOf(node, peer, spoken)).toHaveLength(1), { within: 5_000 })
}

export const p5: Row = {
  id: 'P5',
  claim:
    'hostile messages of a member: no stall over 100 ms, content unchanged, counted, the member is dropped',
  run: async (stage) => {
    const node = stage.cluster.node(0)
    await settled(stage)
    const [victim] = await exportUsers(node)
    if (victim === undefined) throw new Error('nobody is there to be attacked')
    const attacks = attacksOn(victim)
    const content = await contentOf(stage)
    const costs = [
      await judgedByAll(stage, attacks.filter(isGossip)),
      ...(await judgedAlone(stage, node, attacks)),
    ]
    const cost = worstOf(costs)
    const [first] = attacks
    if (first !== undefined) await dropped(stage, node, first)
    expect(await contentOf(stage)).toBe(content)
    expectCheap(cost)
    return `${attacks.length} attacks, by gossip on ${stage.cluster.nodes.length} nodes and by request, each refused for its own reason; ${showCost(cost)}; ${await isGood(stage)}`
  },
}

const worstOf = (costs: readonly Cost[]): Cost => ({
  stall: Math.max(...costs.map(({ stall }) => stall)),
  grownMb: Math.max(...costs.map(({ grownMb }) => grownMb)),
})

export const p6: Row = {
  id: 'P6',
  claim: 'a delete set naming every user: no user lost',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await settled(stage)
    await addCrowd(cluster, signUps, 1_000)
    await using hostile = await insider(stage, 'eraser')
    const content = await contentOf(stage)
    // Of any author, all there is: so many bytes once emptied a map of any size.
    const everything = deletesUpdate(new Map([1, 2 ** 32 - 1].map((client) => [client, 2 ** 31])))
    const before = await counted(stage)
    for (const node of cluster.nodes) {
      const id = await idOf(node)
      const asStructs = hostile.request(id, `replica/${topic}`, everything)
      expect(await asStructs.then(() => 'taken', String), 'structs of users').not.toBe('taken')
      const asFacts = { name: 'a delete set', bytes: message(1, { 1: everything }) }
      expect(await judged(hostile, node, asFacts)).toMatch(/mark of a fact/)
    }
    await hostile.publish(topic, [everything, message(1, { 1: everything })], cluster.nodes.length)
    const after = await eventually(
      async () => {
        const now = await counted(stage)
        expect(refusedBy(now) - refusedBy(before)).toBeGreaterThanOrEqual(2 * cluster.nodes.length)
        return now
      },
      { within: 10_000, every: 50 },
    )
    expect(await contentOf(stage)).toBe(content)
    return `${signUps.acknowledged.length} users kept; ${everything.length} bytes named them all; ${refusedBy(after) - refusedBy(before)} refusals; ${await isGood(stage)}`
  },
}

/** Nothing is pending, so many were turned away, and no more than at the last look. */
const digested = async (stage: Stage, least: number): Promise<void> => {
  let last = 0
  await eventually(
    async () => {
      const said = await counted(stage)
      const known = last
      last = turnedAwayBy(said)
      expect(
        sumOf(said, ({ pending }) => pending),
        'pending',
      ).toBe(0)
      expect(last, 'turned away').toBeGreaterThanOrEqual(least)
      expect(last, 'turned away').toBe(known)
    },
    { within: 30_000, every: 500 },
  )
}

export const p8: Row = {
  id: 'P8',
  claim: '10,000 malformed messages, replays, a message of 5 MB: bounded, rejected, logged',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const node = cluster.node(0)
    await settled(stage)
    await using hostile = await insider(stage, 'flood')
    await hostile.publish(topic, [], cluster.nodes.length)
    const large = hostile.request(await idOf(node), protocol, new Uint8Array(5_000_000))
    await expect(large).rejects.toThrow(hostile.name)
    expect(node.log.filter((line) => line.includes('message of 5000000 bytes'))).not.toEqual([])
    await signUps.many(1, [cluster.node(1)])
    await settled(stage)
    const before = await counted(stage)
    const content = await contentOf(stage)
    const malformed = Array.from({ length: 10_000 }, (_, number) =>
      message(1, { 1: Buffer.from(`no list of facts ${number}`) }),
    )
    const cost = await costOf(cluster, async () => {
      await hostile.publish(topic, malformed, cluster.nodes.length)
      await digested(stage, turnedAwayBy(before) + cluster.nodes.length * beforeCutOff)
      await hostile.publish(
        topic,
        Array<Uint8Array>(1_000).fill(malformed[0] ?? new Uint8Array()),
        cluster.nodes.length,
      )
      await digested(stage, turnedAwayBy(before))
    })
    const after = await counted(stage)
    expect(await contentOf(stage)).toBe(content)
    expect(sumOf(after, (one) => one.logBytes)).toBe(sumOf(before, (one) => one.logBytes))
    // The matrix wants a bound. What waits is held to 8 MB; the rest is what the collector has not come to yet.
    expect(cost.grownMb, showCost(cost)).toBeLessThan(2 * growthTarget)
    const turnedAway = turnedAwayBy(after) - turnedAwayBy(before)
    return `${turnedAway} turned away by ${cluster.nodes.length} nodes; ${showCost(cost)}; ${await isGood(stage)}`
  },
}
