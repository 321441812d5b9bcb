import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { merged } from '../documents/update-codec/update.ts'
import { createSendQueue, mostUnderWay } from './send-queue.ts'

/** A member that answers when it is told to. */
const member = () => {
  const asked: { readonly update: Uint8Array; readonly answer: (confirmed: boolean) => void }[] = []
  const queue = createSendQueue<Uint8Array>(
    (update) => new Promise((answer) => asked.push({ update, answer })),
    merged,
  )
  return { asked, queue }
}

const changes = (count: number): Uint8Array[] => {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (let index = 0; index < count; index += 1) doc.getMap('map').set(`key ${index}`, index)
  return updates
}

test('what a slow member does not take at once goes together in one message, and none is lost', async () => {
  const { asked, queue } = member()
  const updates = changes(mostUnderWay + 40)
  const delivered = updates.map((update) => queue.deliver(update))
  expect(asked.length).toBe(mostUnderWay)
  asked[3]?.answer(true)
  expect(await delivered[3]).toBe(true)
  expect(asked.length).toBe(mostUnderWay + 1)
  for (const { answer } of asked) answer(true)
  expect(await Promise.all(delivered)).toEqual(updates.map(() => true))
  const copy = new Y.Doc()
  for (const { update } of asked) Y.applyUpdate(copy, update)
  expect(copy.getMap('map').size).toBe(updates.length)
  expect(queue.isIdle).toBe(true)
})

test('those that went together share the answer, also when it is no', async () => {
  const { asked, queue } = member()
  const delivered = changes(mostUnderWay + 2).map((update) => queue.deliver(update))
  asked[0]?.answer(true)
  await delivered[0]
  asked.at(-1)?.answer(false)
  expect(await Promise.all(delivered.slice(-2))).toEqual([false, false])
  expect(queue.isIdle).toBe(false)
})
