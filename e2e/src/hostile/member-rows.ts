import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { exportUsers, usersReplica } from '../cluster/admin.ts'
import { addCrowd } from '../people/crowd.ts'
import { costOf, showCost, type Cost } from '../cluster/watch.ts'
import { attacksOn, type Attack } from './attacks.ts'
import { frame, giveNothing, storeRequest, vectorOfAnswer } from './wire/replica-wire.ts'
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
import { deletesUpdate, structsUpdate, valueItem } from './wire/yjs-update.ts'
import type { Puppet } from './puppet.ts'
import type { Row, Stage } from '../matrix.ts'

/** As membership tells an asker that a handler refused: not that it was late, busy, or not there. */
const refusal = 'RequestFailedError: the member did not answer the request: failed'

/** Short of what gets a member cut off, which would be refused whatever it sends. */
const beforeCutOff = 7

/** Sends an update by request. It must be refused by the node's judgement of it, told in its log. Resolves to the reason. */
const judged = async (
  hostile: Puppet,
  node: ClusterNode,
  { name, update }: Pick<Attack, 'name' | 'update'>,
): Promise<string> => {
  const peer = await hostile.id()
  const reasons = (): string[] => saidOf(node, peer, refusedMessage).map(({ reason }) => reason)
  const before = reasons().length
  const refused = await usersReplica(node)
  const asking = hostile.request(await idOf(node), protocol, storeRequest(update))
  const outcome = await asking.then(() => 'taken', String)
  expect(outcome, name).toContain(refusal)
  expect((await usersReplica(node)).refused - refused.refused, `${name}: counted`).toBe(1)
  await eventually(() => expect(reasons().length, `${name}: logged`).toBe(before + 1), { within: 5_000 })
  return reasons().at(-1) ?? ''
}
const refusedMessage = 'a foreign update was refused'

/** By gossip nobody knows whose it is: all nodes judge all of it. */
const judgedByAll = async (stage: Stage, attacks: readonly Attack[]): Promise<Cost> => {
  const { cluster } = stage
  await using hostile = await insider(stage, 'gossip')
  const before = await counted(stage)
  const frames = attacks.map(({ update }) => frame(update))
  return await costOf(cluster, async () => {
    await hostile.publish(topic, frames, cluster.nodes.length)
    await eventually(
      async () => {
        const refused = refusedBy(await counted(stage)) - refusedBy(before)
        expect(refused, 'refused by all nodes').toBe(attacks.length * cluster.nodes.length)
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
    'hostile updates of a member: no stall over 100 ms, content unchanged, counted, the member is dropped',
  run: async (stage) => {
    const node = stage.cluster.node(0)
    await settled(stage)
    const [victim] = await exportUsers(node)
    if (victim === undefined) throw new Error('nobody is there to be attacked')
    const attacks = attacksOn(victim)
    const content = await contentOf(stage)
    const costs = [await judgedByAll(stage, attacks), ...(await judgedAlone(stage, node, attacks))]
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
    const { cluster, signUps, random } = stage
    const node = cluster.node(0)
    await settled(stage)
    await addCrowd(cluster, signUps, 1_000)
    await using hostile = await insider(stage, 'eraser')
    const ends = vectorOfAnswer(await hostile.request(await idOf(node), protocol, giveNothing))
    const some = new Map([...ends].map(([client, end]) => [client, 1 + Math.floor(random() * end)]))
    const named = [ends, some].map(deletesUpdate)
    // Deletions of what nobody knows might come before what they delete: that is waited for, and not refused.
    const beyond = deletesUpdate(new Map([...ends].map(([client]) => [client, 2 ** 31])))
    const content = await contentOf(stage)
    const before = await counted(stage)
    for (const each of cluster.nodes) {
      for (const update of named)
        expect(await judged(hostile, each, { name: 'named', update })).toMatch(
          /deleted only once its user is erased/,
        )
      const asking = hostile.request(await idOf(each), protocol, storeRequest(beyond))
      expect(await asking.then(() => 'taken', String)).toContain(refusal)
      expect((await usersReplica(each)).cutOff, 'or it was refused for what came before').toEqual([])
    }
    expect(await contentOf(stage)).toBe(content)
    await hostile.publish(topic, [...named, beyond].map(frame), cluster.nodes.length)
    // On each node, by request and by gossip.
    const [refusals, gaps] = [2 * named.length, 2]
    const after = await eventually(
      async () => {
        const now = await counted(stage)
        for (const [index, one] of now.entries()) {
          expect(one.refused - (before[index]?.refused ?? 0), 'refused').toBe(refusals)
          expect(one.gaps - (before[index]?.gaps ?? 0), 'waited for').toBeGreaterThanOrEqual(gaps)
        }
        return now
      },
      { within: 10_000, every: 50 },
    )
    expect(await contentOf(stage)).toBe(content)
    const sizes = named.map(({ length }) => length)
    return `${signUps.acknowledged.length} users kept; ${Math.max(...sizes)} bytes named them all; ${refusedBy(after) - refusedBy(before)} refusals; ${await isGood(stage)}`
  },
}

const theLast = <T>(items: readonly T[]): T => {
  const item = items.at(-1)
  if (item === undefined) throw new RangeError('nothing yet')
  return item
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
  claim: '10,000 updates whose parents are missing, replays, a message of 5 MB: bounded, rejected, logged',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const node = cluster.node(0)
    await settled(stage)
    await using hostile = await insider(stage, 'orphan')
    await hostile.publish(topic, [], cluster.nodes.length)
    await signUps.many(1, [cluster.node(1)])
    const heard = await eventually(async () => theLast(await hostile.heard()), { within: 5_000 })
    const large = hostile.request(await idOf(node), protocol, new Uint8Array(5_000_000))
    await expect(large).rejects.toThrow(hostile.name)
    expect(node.log.filter((line) => line.includes('message of 5000000 bytes'))).not.toEqual([])
    const before = await counted(stage)
    const content = await contentOf(stage)
    const orphans = Array.from({ length: 10_000 }, (_, number) =>
      structsUpdate({
        client: 4_711,
        clock: number + 1,
        structs: [valueItem({ root: topic, key: `${number}` }, 'x')],
      }),
    )
    const all = turnedAwayBy(before) + orphans.length * cluster.nodes.length
    const cost = await costOf(cluster, async () => {
      await hostile.publish(topic, orphans.map(frame), cluster.nodes.length)
      // Every one of them, by every node; then replays, which are known and cost no more than a look.
      await digested(stage, all)
      await hostile.publish(topic, Array<Uint8Array>(1_000).fill(heard), cluster.nodes.length)
      await digested(stage, all)
    })
    // By gossip nobody knows who sent it, and it is counted only; by request it is told.
    const asking = hostile.request(await idOf(node), protocol, storeRequest(theLast(orphans)))
    expect(await asking.then(() => 'taken', String)).toContain(refusal)
    const peer = await hostile.id()
    await eventually(
      () =>
        expect(saidOf(node, peer, 'a request was not answered')).toContainEqual(
          expect.objectContaining({ reason: 'builds on what was not sent' }),
        ),
      { within: 5_000 },
    )
    const after = await counted(stage)
    expect(await contentOf(stage)).toBe(content)
    expect(sumOf(after, (one) => one.logBytes)).toBe(sumOf(before, (one) => one.logBytes))
    // The matrix wants a bound. What waits is held to 8 MB; the rest is what the collector has not come to yet.
    expect(cost.grownMb, showCost(cost)).toBeLessThan(2 * growthTarget)
    const turnedAway = turnedAwayBy(after) - turnedAwayBy(before)
    return `${turnedAway} turned away by ${cluster.nodes.length} nodes; ${showCost(cost)}; ${await isGood(stage)}`
  },
}
