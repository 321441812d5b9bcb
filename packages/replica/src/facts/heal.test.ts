import { createFactSet, factOf, sizeOf, type Fact, type FactSet } from '@grapevine/facts'
import { simulateAsync } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { limits } from '../limits.ts'
import { virtualBus, type Message } from '../testing/virtual-bus.ts'
import { replicateFacts, type FactsReplica } from './replicate-facts.ts'

interface Member {
  readonly set: FactSet
  readonly replica: FactsReplica
}

/** As long as a registration is. */
const some = (count: number, what: string): Fact[] =>
  Array.from({ length: count }, (_, index) =>
    factOf(`subject-${index % 7}`, `${what} ${index} ${'x'.repeat(270)}`),
  )
const bytesOf = (facts: readonly Fact[]): number => facts.reduce((sum, fact) => sum + sizeOf(fact), 0)

/** Bytes of a hash in an offer. */
const offered = 8

/** In virtual time, so that a member is never slow to answer, and never asked beside another for that. */
test.each([
  ['two', ['a'], ['b']],
  ['three and two', ['a', 'b', 'c'], ['d', 'e']],
])('%s that were apart exchange each fact once', { timeout: 60_000 }, async (_what, left, right) => {
  await simulateAsync<Message>({ seed: 1 }, async ({ network, random, clock }) => {
    const names = [...left, ...right]
    const join = (name: string): { readonly set: FactSet; readonly joining: Promise<FactsReplica> } => {
      const { bus, host } = virtualBus(network, name, names)
      const own = { now: clock.now, after: host.after }
      const set = createFactSet({
        doc: new Y.Doc(),
        root: 'facts',
        later: (work) => void host.after(0, work),
      })
      return { set, joining: replicateFacts(set, bus, { name: 'facts', clock: own, random }) }
    }
    const started = names.map(join)
    await clock.settle(3_000)
    const members: Member[] = await Promise.all(
      started.map(async ({ set, joining }) => ({ set, replica: await joining })),
    )
    network.partition(left, right)
    const [onLeft, onRight] = [some(3_000, 'left'), some(3_000, 'right')]
    members[0]?.set.insert(onLeft)
    members[left.length]?.set.insert(onRight)
    // Until the other side is given up on: what it did not confirm is gossiped as well.
    await clock.settle(30_000)
    const held = members.map(({ set }) => set.size)
    expect(held).toEqual(names.map(() => 3_000))

    const before = members.map(({ replica }) => replica.status().bytesIn)
    network.heal()
    await clock.settle(20_000)
    expect(new Set(members.map(({ set }) => set.digest())).size).toBe(1)
    for (const [index, { replica }] of members.entries()) {
      const lacked = index < left.length ? onRight : onLeft
      const crossed = replica.status().bytesIn - (before[index] ?? 0)
      const ratio = crossed / bytesOf(lacked)
      expect(ratio, `of ${names[index]}`).toBeLessThanOrEqual(1.15)
      // Besides the facts the hashes of what each member of the other side offers; less than a slice is left for the rest.
      const offers = (index < left.length ? right : left).length * lacked.length * offered
      expect(crossed - bytesOf(lacked) - offers, `repeated by ${names[index]}`).toBeLessThan(limits.slice)
    }
    const closed = Promise.all(members.map(({ replica }) => replica.close()))
    await clock.settle(5_000)
    await closed
  })
})
