import { createFactSet, erasureOf, factOf, idOf, keyOf, type Fact } from '@grapevine/facts'
import { simulateAsync, type Simulation } from '@grapevine/simulation'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { factsBytes, message, numbers, plain, uint, type RawFact } from '../../testing/liar/bytes.ts'
import { summary } from '../../testing/liar/honest.ts'
import { createLiar, idsOf } from '../../testing/liar/liar.ts'
import { lies } from '../../testing/liar/lies/index.ts'
import type { Liar, Lie } from '../../testing/liar/lie.ts'
import { virtualBus, type Message } from '../../testing/virtual-bus.ts'
import { replicateFacts, type FactsReplica } from '../replicate-facts.ts'
import { createSpentIds } from './spent-ids.ts'

const names = ['a', 'b', 'liar', 'z']

const start = (
  { network, clock: time, random }: Simulation<Message>,
  id: string,
  facts: readonly Fact[] = [],
  // Rarely, so that nothing is mended by chance.
  antiEntropyInterval = 600_000,
): Promise<FactsReplica> => {
  const { bus, host } = virtualBus(network, id, names)
  const clock = { now: time.now, after: host.after }
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts', later: (work) => void host.after(0, work) })
  set.insert(facts)
  return replicateFacts(set, bus, { name: 'world', clock, random, antiEntropyInterval })
}

const startLiar = async ({ network, random }: Simulation<Message>, lie: Lie) => {
  const { bus, host } = virtualBus(network, 'liar', names)
  const liar: Liar = await createLiar({ bus, name: 'world', random, after: host.after, lie })
  return { liar, leave: host.crash }
}

const lieNamed = (name: string): Lie => {
  const lie = lies.find((each) => each.name === name)
  if (lie === undefined) throw new Error(`no lie "${name}"`)
  return lie
}

const simulated = (
  run: (simulation: Simulation<Message>) => Promise<readonly FactsReplica[]>,
): Promise<void> =>
  simulateAsync<Message>({ seed: 1 }, async (simulation) => {
    const replicas = await run(simulation)
    const closed = Promise.all(replicas.map((replica) => replica.close()))
    await simulation.clock.settle(20_000)
    await closed
  })

const many = Array.from({ length: 6_000 }, (_, index) => ({ subject: `s${index}`, text: 'said' }))
const facts = many.map(({ subject, text }) => factOf(subject, text))

describe('a newcomer', () => {
  test('waits two seconds, and no longer, for one that announces what all have and never delivers', () =>
    simulated(async (simulation) => {
      const { clock } = simulation
      const raw = many.map(({ subject, text }) => plain(subject, text))
      const announcing = lieNamed('announces what is true, and never delivers')
      const { liar } = await startLiar(simulation, {
        ...announcing,
        answer: (self, request, from) => {
          if (request.number === numbers.compare)
            return summary(self, { 2: Buffer.alloc(32, 1), 5: many.length })
          if (request.number === numbers.offer) return offerOf(raw, uint(request, 3))
          return announcing.answer?.(self, request, from)
        },
      })
      // The liar knows them all, and is the first to announce them.
      const b = await start(simulation, 'b')
      await clock.settle(300)
      const told = summary(liar, { 2: Buffer.alloc(32, 1), 5: many.length })
      liar.tell('b', told)
      const a = await start(simulation, 'a', facts)
      const since = clock.now()
      while (b.set.size < facts.length && clock.now() - since < 60_000) {
        liar.tell('b', told)
        await clock.settle(100)
      }
      expect(clock.now() - since).toBeLessThan(5_000)
      return [a, b]
    }))

  test('is ready as soon as one that does not answer has gone', () =>
    simulated(async (simulation) => {
      const { clock } = simulation
      const a = await start(simulation, 'a', facts.slice(0, 10))
      const { leave } = await startLiar(simulation, lieNamed('never answers'))
      const b = await start(simulation, 'b')
      await clock.settle(4_000)
      expect(b.status().ready).toBe(false)
      leave()
      await clock.settle(200)
      expect(b.status().ready).toBe(true)
      return [a, b]
    }))

  test('does not wait for one that was cut off before they exchanged', () =>
    simulated(async (simulation) => {
      const { clock } = simulation
      const a = await start(simulation, 'a', facts.slice(0, 10))
      const { liar } = await startLiar(simulation, lieNamed('never answers'))
      // Of the two that are linked anew the first in the alphabet begins.
      const z = await start(simulation, 'z')
      for (let times = 0; times < 30; times += 1) {
        liar.tell('z', message(numbers.store, { 1: Buffer.of(0) }))
        await clock.settle(10)
      }
      expect([z.status().cutOff, z.status().ready]).toEqual([['liar'], false])
      await clock.settle(2_000)
      expect([z.status().ready, z.status().failed.map(({ member }) => member)]).toEqual([true, ['liar']])
      return [a, z]
    }))
})

const offerOf = (raw: readonly RawFact[], after: number): Uint8Array => {
  const some = raw.slice(after, after + 2_048)
  return message(numbers.offers, { 1: idsOf(some, 8), 2: after + some.length })
}

describe('an exchange that fails', () => {
  test('is tried again after a pause that grows, however often the member asks', () =>
    simulated(async (simulation) => {
      const { clock } = simulation
      const { liar } = await startLiar(simulation, lieNamed('answers with another message'))
      const a = await start(simulation, 'a')
      let failed = 0
      a.on('failed', () => (failed += 1))
      for (let times = 0; times < 300; times += 1) {
        liar.act()
        await clock.settle(100)
      }
      expect(failed).toBeGreaterThan(3)
      expect(failed).toBeLessThan(10)
      return [a]
    }))

  test('because of what was delivered in place of an erasure is named', () =>
    simulated(async (simulation) => {
      const { liar } = await startLiar(simulation, lieNamed('announces facts as erasures'))
      liar.hold([plain('ada', 'said')])
      const a = await start(simulation, 'a')
      await simulation.clock.settle(5_000)
      expect(a.status().failed).toEqual([
        { member: 'liar', reason: 'delivered a fact in place of an erasure' },
      ])
      return [a]
    }))
})

/** Found by 2^31.5 hashes: the first eight bytes of their two hashes are the same, and no more. */
const twins = [factOf('a', '2059ae0b55c24bae'), factOf('b', '528a381d2cf1c2e3')] as const

describe('facts whose hashes begin alike', () => {
  const ids = twins.map((fact) => Buffer.from(idOf(keyOf(fact), 8)).toString('hex'))

  test('are told apart by the digest', () => {
    expect(ids).toEqual(['e4fa451189060420', 'e4fa451189060420'])
    const digests = twins.map((fact) => {
      const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
      set.insert([fact])
      return set.digest()
    })
    expect(digests[0]).not.toBe(digests[1])
  })

  test('reach all, each given to another member', () =>
    simulated(async (simulation) => {
      const [a, b] = [await start(simulation, 'a', [], 2_000), await start(simulation, 'b', [], 2_000)]
      const { liar } = await startLiar(simulation, { name: 'gives each to one' })
      await simulation.clock.settle(2_000)
      const [first, second] = [plain('a', '2059ae0b55c24bae'), plain('b', '528a381d2cf1c2e3')]
      liar.tell('a', message(numbers.store, { 1: factsBytes([first]) }))
      liar.tell('b', message(numbers.store, { 1: factsBytes([second]) }))
      await simulation.clock.settle(90_000)
      expect([a.set.size, b.set.size, a.set.digest()]).toEqual([2, 2, b.set.digest()])
      return [a, b]
    }))

  test('do not hide each other when one of them is erased', () => {
    const spent = createSpentIds()
    spent.add([keyOf(twins[0])])
    expect(spent.find(idOf(keyOf(twins[0]), 20))).toBe('a')
    expect(spent.find(idOf(keyOf(twins[1]), 20))).toBeUndefined()
    expect(keyOf(erasureOf('a'))).not.toBe(keyOf(twins[0]))
  })
})
