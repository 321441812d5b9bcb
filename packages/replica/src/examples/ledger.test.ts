import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { createFactSet, erasureOf, factOf } from '@grapevine/facts'
import { broadcastChannelBus } from '../buses/broadcast-channel-bus.ts'
import { replicateFacts } from '../index.ts'

test('a ledger', async () => {
  const set = createFactSet({ doc: new Y.Doc(), root: 'ledger' })
  using bus = broadcastChannelBus('ledger')
  await using replica = await replicateFacts(set, bus, { name: 'ledger' })
  await replica.ready
  const { value: keys, acknowledgement } = await replica.write(() =>
    set.insert([factOf('ada', 'paid the rent')]),
  )
  expect(acknowledgement.members).toEqual([bus.self.id]) // nobody else is there
  expect(set.text(keys[0] ?? '')).toBe('paid the rent')
  await replica.write(() => set.insert([erasureOf('ada')])) // on every member and every disk, for good
  expect(set.size).toBe(0)
})
