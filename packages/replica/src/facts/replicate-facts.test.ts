import {
  createFactSet,
  erasureOf,
  factOf,
  keyOf,
  upkeepOrigin,
  type Fact,
  type FactSet,
} from '@grapevine/facts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import * as Y from 'yjs'
import { memoryDisk, memoryStorage, type MemoryDisk } from '../storage/memory.ts'
import { memoryNetwork, type MemoryNetwork } from '../testing/memory-bus.ts'
import { replicateFacts, type FactsReplica } from './replicate-facts.ts'
import type { FactsOptions } from './config.ts'

interface Member {
  readonly id: string
  readonly set: FactSet
  readonly replica: FactsReplica
}

const join = async (
  network: MemoryNetwork,
  id: string,
  options: Partial<FactsOptions> & { readonly disk?: MemoryDisk } = {},
): Promise<Member> => {
  const { disk = memoryDisk(), ...rest } = options
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
  const replica = await replicateFacts(set, network.join(id), {
    name: 'facts',
    storage: memoryStorage(disk),
    antiEntropyInterval: 50,
    discoveryWindow: 100,
    ...rest,
  })
  onTestFinished(() => replica.close())
  return { id, set, replica }
}

/** As long as a registration is. */
const some = (count: number, what = 'fact'): Fact[] =>
  Array.from({ length: count }, (_, index) =>
    factOf(`subject-${index % 7}`, `${what} ${index} ${'x'.repeat(270)}`),
  )

describe('a write', () => {
  test('is acknowledged by each member that holds it and has it on its disk', async () => {
    const network = memoryNetwork()
    const disk = memoryDisk()
    const a = await join(network, 'a')
    const b = await join(network, 'b', { disk })
    const [fact] = some(1)
    if (fact === undefined) throw new Error('unreachable')
    const { value, acknowledgement } = await a.replica.write(() => a.set.insert([fact]))
    expect(value).toEqual([keyOf(fact)])
    expect(acknowledgement).toEqual({ members: ['a', 'b'], missing: [] })
    expect(b.set.holds(keyOf(fact))).toBe(true)
    expect(disk.log).toHaveLength(1)
  })

  test('of somebody whom the other member knows to be erased counts as confirmed, and brings the erasure', async () => {
    const network = memoryNetwork()
    const a = await join(network, 'a', { antiEntropyInterval: 600_000 })
    const b = await join(network, 'b', { antiEntropyInterval: 600_000 })
    await Promise.all([a.replica.ready, b.replica.ready])
    // As if it had come from elsewhere: it is not sent on.
    b.set.insert([erasureOf('ada')], upkeepOrigin)
    const { acknowledgement } = await a.replica.write(() => a.set.insert([factOf('ada', 'late')]))
    expect(acknowledgement.missing).toEqual([])
    expect([a.set.isErased('ada'), a.set.size, b.set.size]).toEqual([true, 0, 0])
  })

  test('that returns a promise, or breaks the gate, is refused, and nothing is written', async () => {
    const a = await join(memoryNetwork(), 'a')
    const broken = { mark: '.', subject: 'ada', text: '\ud800' } as const
    await expect(a.replica.write(() => a.set.insert([factOf('ada', 'good'), broken]))).rejects.toThrowError(
      /surrogate/,
    )
    expect(a.set.size).toBe(0)
    // @ts-expect-error -- the types refuse it as well
    const later = a.replica.write(async () => undefined)
    await expect(later).rejects.toMatchObject({ code: 'ASYNC_CHANGE' })
  })
})

describe('members', () => {
  test('that start with an empty disk are ready only when they hold what the others hold', async () => {
    const network = memoryNetwork()
    const a = await join(network, 'a')
    a.set.insert(some(5_000))
    const b = await join(network, 'b')
    await b.replica.ready
    expect(b.set.digest()).toBe(a.set.digest())
  })

  test('have their facts from their own disk, erasures and all', async () => {
    const disk = memoryDisk()
    const a = await join(memoryNetwork(), 'a', { disk })
    await a.replica.write(() => a.set.insert([...some(300), erasureOf('subject-1')]))
    const digest = a.set.digest()
    await a.replica.close()
    const again = await join(memoryNetwork(), 'a', { disk })
    expect(again.set.digest()).toBe(digest)
    await again.replica.compact()
    await again.replica.close()
    const third = await join(memoryNetwork(), 'a', { disk })
    expect(third.set.digest()).toBe(digest)
    expect(Buffer.concat(disk.snapshot).includes('subject-1/')).toBe(false)
  })

  test('erase in the sets that follow another whom they erase there', async () => {
    const network = memoryNetwork()
    const users = await join(network, 'a')
    const set = createFactSet({ doc: new Y.Doc(), root: 'entries' })
    const entries = await replicateFacts(set, memoryNetwork().join('a'), {
      name: 'entries',
      erasuresOf: users.set,
    })
    onTestFinished(() => entries.close())
    set.insert([factOf('ada', 'an entry'), factOf('bob', 'another')])
    users.set.insert([erasureOf('ada')])
    expect([set.size, set.isErased('ada')]).toEqual([1, true])
    set.insert([factOf('ada', 'late')])
    expect(set.size).toBe(1)
  })

  test('that cannot start, since the bus has a set of this name, leave nothing behind', async () => {
    const bus = memoryNetwork().join('a')
    const options = { name: 'facts', discoveryWindow: 0 }
    await using first = await replicateFacts(createFactSet({ doc: new Y.Doc(), root: 'facts' }), bus, options)
    await first.ready
    const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
    let listeners = 0
    const onChange: FactSet['onChange'] = (listener) => {
      const stop = set.onChange(listener)
      listeners += 1
      return () => {
        listeners -= 1
        stop()
      }
    }
    const storage = memoryStorage()
    const appended = vi.spyOn(storage, 'append')
    const following = { ...set, onChange }
    await expect(replicateFacts(following, bus, { ...options, storage })).rejects.toThrow('handled already')
    expect(listeners).toBe(0)
    set.insert(some(1))
    expect(appended).not.toHaveBeenCalled()
  })
})
