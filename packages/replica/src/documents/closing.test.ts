import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { memoryDisk, memoryStorage, replicate } from '../index.ts'
import { memoryNetwork } from '../testing/memory-bus.ts'

const options = { name: 'notes', discoveryWindow: 0 }

test('a closed replica answers no longer, and the document can be replicated anew on the same bus', async () => {
  const network = memoryNetwork()
  const [bus, other] = [network.join('a'), network.join('b')]
  const doc = new Y.Doc()
  const first = await replicate(doc, bus, options)
  await first.close()
  const { signal } = new AbortController()
  await expect(other.request('a', 'replica/notes', Uint8Array.of(), { signal })).rejects.toThrow(
    'does not handle',
  )
  await using again = await replicate(doc, bus, options)
  expect((await again.write(() => 1)).value).toBe(1)
})

test('a replica that cannot start, since the bus has one of this name, leaves nothing behind', async () => {
  const bus = memoryNetwork().join('a')
  await using first = await replicate(new Y.Doc(), bus, options)
  await first.ready
  const doc = new Y.Doc()
  const [on, off] = [vi.spyOn(doc, 'on'), vi.spyOn(doc, 'off')]
  await expect(replicate(doc, bus, options)).rejects.toThrow('replica/notes is handled already')
  expect(on.mock.calls.length).toBeGreaterThan(0)
  expect(off).toHaveBeenCalledTimes(on.mock.calls.length)
})

test('who opened a storage closes it; the replica leaves it open', async () => {
  const disk = memoryDisk()
  let closed = 0
  const close = async (): Promise<void> => void (closed += 1)
  const doc = new Y.Doc()
  const replica = await replicate(doc, memoryNetwork().join('a'), {
    ...options,
    storage: { ...memoryStorage(disk), close },
  })
  await replica.write(() => doc.getMap('notes').set('k', 1))
  await replica.close()
  expect([closed, disk.log.length]).toEqual([0, 1])
})
