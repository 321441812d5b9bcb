import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { replicate } from '../index.ts'
import { memoryNetwork } from '../testing/memory-bus.ts'

const options = { name: 'notes', discoveryWindow: 0 }

test('a change that returns a promise is refused: before it begins if it says so, and else not acknowledged', async () => {
  const doc = new Y.Doc()
  const notes = doc.getMap('notes')
  await using replica = await replicate(doc, memoryNetwork().join('a'), options)
  // @ts-expect-error -- refused by types as well
  const said = replica.write(async () => notes.set('said', 1))
  await expect(said).rejects.toMatchObject({ code: 'ASYNC_CHANGE' })
  await expect(said).rejects.toThrow('nothing was written')
  expect(notes.size).toBe(0)
  const unsaid = (): Promise<never> => {
    notes.set('unsaid', 1)
    return Promise.reject(new Error('must not end the process'))
  }
  // @ts-expect-error -- refused by types as well
  await expect(replica.write(unsaid)).rejects.toThrow('is in the document')
})

test('an option that is unknown is refused by its name, with those that there are', async () => {
  const bus = memoryNetwork().join('a')
  // @ts-expect-error -- refused by types as well
  const starting = replicate(new Y.Doc(), bus, { name: 'notes', storag: 1 })
  await expect(starting).rejects.toThrow(/^storag is unknown; allowed: name, storage, /)
  await using replica = await replicate(new Y.Doc(), bus, options)
  // @ts-expect-error -- refused by types as well
  await expect(replica.write(() => 1, { concerns: 1 })).rejects.toThrow(
    'concerns is unknown; allowed: concern, signal',
  )
})
