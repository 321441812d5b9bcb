import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { systemClock } from '@grapevine/std'
import { replicate } from '../replicate.ts'
import { memoryNetwork } from '../../testing/memory-bus.ts'
import { decodeResponse, encodeRequest } from '../protocol/message.ts'

const updateOf = (key: string): Uint8Array => {
  const doc = new Y.Doc()
  doc.getMap('map').set(key, 1)
  return Y.encodeStateAsUpdate(doc)
}

test('a change that comes alone is applied in the event that brought it', async () => {
  const network = memoryNetwork()
  const doc = new Y.Doc()
  // Time stands still: on a busy machine the start alone may use up its turn of the event loop.
  const clock = { ...systemClock, now: () => 0 }
  await using replica = await replicate(doc, network.join('b'), { name: 'test', clock })
  const bus = network.join('a')
  const request = encodeRequest({ type: 'store', update: updateOf('alone') })
  const { signal } = new AbortController()
  const answer = bus.request('b', 'replica/test', request, { signal })
  expect(doc.getMap('map').get('alone')).toBe(1)
  expect(decodeResponse(await answer)).toEqual({ type: 'stored' })
  expect(replica.status().pending).toBe(0)
})

test('of many that come at once the later ones wait for the event loop, and all are taken', async () => {
  const network = memoryNetwork()
  const doc = new Y.Doc()
  // Each look at the clock takes a millisecond.
  let time = 0
  const clock = {
    now: () => (time += 1),
    after: (ms: number, task: () => void) => {
      const timer = setTimeout(task, ms)
      return () => clearTimeout(timer)
    },
  }
  await using replica = await replicate(doc, network.join('b'), { name: 'test', clock })
  const bus = network.join('a')
  const answers = Array.from({ length: 100 }, (_, index) => {
    const request = encodeRequest({ type: 'store', update: updateOf(`change ${index}`) })
    const { signal } = new AbortController()
    return bus.request('b', 'replica/test', request, { signal })
  })
  expect(doc.getMap('map').size).toBeLessThan(50)
  expect(replica.status().pending).toBeGreaterThan(50)
  await Promise.all(answers)
  expect(doc.getMap('map').size).toBe(100)
})
