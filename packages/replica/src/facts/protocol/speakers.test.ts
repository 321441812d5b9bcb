import { readFileSync } from 'node:fs'
import { createFactSet, factOf, keyOf } from '@grapevine/facts'
import { silentLog } from '@grapevine/std'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../../testing/memory-bus.ts'
import { replicateFacts } from '../replicate-facts.ts'
import { factsFeatures, versionWith } from './speakers.ts'
import type { Bus } from '../../bus.ts'

interface Vector {
  readonly own: readonly number[]
  readonly features: readonly string[]
  readonly version: number | null
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../../../../../docs/vectors/versions.json', import.meta.url), 'utf8'),
)

test.each(vectors)('one that speaks $own asks one that names $features in version $version', (vector) => {
  expect(versionWith(vector.features, vector.own) ?? null).toBe(vector.version)
})

test('what an instance says of itself is what it speaks', () => {
  expect(versionWith(factsFeatures)).toBe(1)
})

/** A bus that knows what the members say of themselves. */
const telling = (bus: Bus, features: Readonly<Record<string, readonly string[]>>): Bus => ({
  ...bus,
  members: () =>
    Object.entries(features).map(([id, named]) => ({ id, state: 'alive', speaks: { features: named } })),
})

test('a member that names features, and none of facts, is not asked, waited for or gossiped to, and it is said', async () => {
  const network = memoryNetwork()
  const lines: string[] = []
  const log = { ...silentLog, info: (_fields: object, message: string) => void lines.push(message) }
  const bus = telling(network.join('a'), { a: factsFeatures, b: factsFeatures, mute: ['chat'] })
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts' })
  const a = await replicateFacts(set, bus, { name: 'facts', log, discoveryWindow: 50 })
  const other = createFactSet({ doc: new Y.Doc(), root: 'facts' })
  const b = await replicateFacts(other, network.join('b'), { name: 'facts', discoveryWindow: 50 })
  const asked: string[] = []
  await network.join('mute').handle('facts/1/facts', async (_bytes, { from }) => {
    if (from === 'a') asked.push(from)
    throw new Error('asked')
  })
  onTestFinished(async () => {
    await a.close()
    await b.close()
  })
  await a.ready
  const fact = factOf('ada', 'an entry')
  const { acknowledgement } = await a.write(() => set.insert([fact]), { concern: 'majority' })
  expect(acknowledgement).toEqual({ members: ['a', 'b'], missing: [] })
  expect(other.holds(keyOf(fact))).toBe(true)
  const failed = a.status().failed.map(({ member }) => member)
  expect([a.status().notAsked, asked]).toEqual([['mute'], []])
  expect(failed).not.toContain('mute')
  expect(lines.filter((line) => line.includes('it is not asked'))).toHaveLength(1)
})
