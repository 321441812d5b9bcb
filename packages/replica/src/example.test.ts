// The example of the README, compiled and run as it is there.
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { broadcastChannelBus } from './buses/broadcast-channel-bus.ts'
import { memoryStorage, replicate, type Policy } from './index.ts'

const onlyNewNotes: Policy = ({ entries, deletions, others }) =>
  deletions.length + others === 0 &&
  entries.every(({ root, value }) => root === 'notes' && typeof value === 'string')
    ? { verdict: 'accept' }
    : { verdict: 'refuse', reason: 'only new notes' }

test('notes', async () => {
  const doc = new Y.Doc()
  using bus = broadcastChannelBus('household')
  await using replica = await replicate(doc, bus, {
    name: 'notes',
    storage: memoryStorage(), // or: await openFileStorage({ folder: 'data/notes', owner: 'household/notes' })
    policy: onlyNewNotes,
  })
  await replica.ready
  const { acknowledgement } = await replica.write(() => doc.getMap('notes').set('milk', 'two pints'))
  expect(acknowledgement).toEqual({ members: [bus.self.id], missing: [] }) // nobody else is there
  expect(replica.status()).toMatchObject({ ready: true, storage: 'keeping', pending: 0 })
})
