import { createFactSet, factOf, keyOf, upkeepOrigin, type FactSet } from '@grapevine/facts'
import { silentLog, type Log } from '@grapevine/std'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { memoryDisk, memoryStorage } from '../storage/memory.ts'
import { memoryNetwork } from '../testing/memory-bus.ts'
import { replicateFacts, type FactsReplica } from './replicate-facts.ts'
import type { Bus } from '../bus.ts'

const setOfFacts = (): FactSet => createFactSet({ doc: new Y.Doc(), root: 'facts' })

const begin = async (set: FactSet, bus: Bus, log: Log = silentLog): Promise<FactsReplica> => {
  const storage = memoryStorage(memoryDisk())
  const options = { name: 'facts', storage, antiEntropyInterval: 600_000, discoveryWindow: 100, log }
  const replica = await replicateFacts(set, bus, options)
  onTestFinished(() => replica.close())
  return replica
}

const recording = (): { readonly log: Log; readonly warnings: readonly string[] } => {
  const warnings: string[] = []
  return {
    warnings,
    log: { ...silentLog, warn: (_fields: object, line: string) => void warnings.push(line) },
  }
}

test('a member that is linked and has not begun yet is asked again until it answers: nobody is warned, and whoever asks is not ready before', async () => {
  const network = memoryNetwork()
  const { log, warnings } = recording()
  const busOfLate = network.join('b')
  const set = setOfFacts()
  const early = await begin(set, network.join('a'), log)
  // Longer than the window for a first member, and than the first tries.
  await delay(500)
  expect(early.status().ready).toBe(false)
  const late = setOfFacts()
  const fact = factOf('ada', 'held by the other')
  late.insert([fact], upkeepOrigin)
  await begin(late, busOfLate)
  await early.ready
  expect(set.holds(keyOf(fact))).toBe(true)
  expect(warnings).toEqual([])
})

test('a member that never answers such questions is told of once, and not waited for', async () => {
  const network = memoryNetwork()
  network.join('b')
  const { log, warnings } = recording()
  const replica = await begin(setOfFacts(), network.join('a'), log)
  await replica.ready
  expect(warnings).toEqual([expect.stringContaining('an exchange with a member failed')])
})

test('a write that waits for this disk alone says of nobody that it did not confirm in time', async () => {
  const network = memoryNetwork()
  const { log, warnings } = recording()
  const set = setOfFacts()
  const replica = await begin(set, network.join('a'), log)
  const other = setOfFacts()
  await begin(other, network.join('b'))
  await replica.ready
  const fact = factOf('ada', 'of this node')
  await replica.write(() => set.insert([fact]), { concern: 'local' })
  await expect.poll(() => other.holds(keyOf(fact))).toBe(true)
  expect(warnings).toEqual([])
  expect(replica.status().behind).toEqual([])
})
