import { setTimeout as delay } from 'node:timers/promises'
import { createFactSet, factOf, keyOf, type FactSet } from '@grapevine/facts'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { replicateFacts, type FactsReplica } from './replicate-facts.ts'
import type { Bus } from '../bus.ts'

interface Member {
  readonly set: FactSet
  readonly replica: FactsReplica
}

/** One that compares with others at its start, and then for as long as a test takes never by itself. */
const join = async (bus: Bus): Promise<Member> => {
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
  const options = { name: 'facts', antiEntropyInterval: 600_000, discoveryWindow: 50 }
  const replica = await replicateFacts(set, bus, options)
  onTestFinished(() => replica.close())
  return { set, replica }
}

const arrives = async ({ set }: Member, key: string): Promise<boolean> => {
  for (const end = performance.now() + 5_000; performance.now() < end; await delay(5))
    if (set.holds(key)) return true
  return false
}

const fact = factOf('ada', 'an entry')

test('a fact reaches a member without a link to who wrote it, by gossip over a third', async () => {
  const network = memoryNetwork()
  const a = await join(network.join('a'))
  const b = await join(network.join('b'))
  const c = await join(network.join('c'))
  await Promise.all([a, b, c].map(({ replica }) => replica.ready))
  network.cut('a', 'b')
  const { acknowledgement } = await a.replica.write(() => a.set.insert([fact]))
  expect(acknowledgement.members).toEqual(['a', 'c'])
  expect(await arrives(b, keyOf(fact))).toBe(true)
})

test('a fact reaches a member that answers no request, by gossip', async () => {
  const network = memoryNetwork()
  const isMute = { now: false }
  const bus = network.join('a')
  const a = await join({
    ...bus,
    members: () => ['a', 'b'].map((id) => ({ id, state: 'alive' })),
    request: async (...asked) => {
      if (isMute.now) throw new Error('no answer')
      return await bus.request(...asked)
    },
  })
  const b = await join(network.join('b'))
  await Promise.all([a, b].map(({ replica }) => replica.ready))
  isMute.now = true
  const { acknowledgement } = await a.replica.write(() => a.set.insert([fact]))
  expect(acknowledgement.missing).toEqual(['b'])
  expect(await arrives(b, keyOf(fact))).toBe(true)
})
