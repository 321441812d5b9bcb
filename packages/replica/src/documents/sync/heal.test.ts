import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork } from '../../testing/memory-bus.ts'
import { replicate, type Bus } from '../../index.ts'

const entries = (prefix: string): Y.Doc => {
  const doc = new Y.Doc()
  doc.transact(() => {
    for (let key = 0; key < 4_000; key += 1)
      doc.getMap('notes').set(`${prefix}/${key}`, { text: 'x'.repeat(200) })
  })
  return doc
}

/** The bytes of the answers that one member gets from the other, and all bytes either way. */
const listening = (bus: Bus, sent: { fetched: number; bytes: number }): Bus => ({
  ...bus,
  request: async (member, protocol, message, options) => {
    const answer = await bus.request(member, protocol, message, options)
    sent.fetched += answer.length
    sent.bytes += message.length + answer.length
    return answer
  },
})

test('two members that differ much fetch from each other at the same time, and nothing travels twice', async () => {
  const [left, right] = [entries('left'), entries('right')]
  const difference = Y.encodeStateAsUpdate(left).length + Y.encodeStateAsUpdate(right).length
  const [ofLeft, ofRight] = [
    { fetched: 0, bytes: 0 },
    { fetched: 0, bytes: 0 },
  ]
  const network = memoryNetwork()
  const options = { name: 'notes', antiEntropyInterval: 60_000, discoveryWindow: 60_000 }
  await using one = await replicate(left, listening(network.join('left'), ofLeft), options)
  await using other = await replicate(right, listening(network.join('right'), ofRight), options)
  await expect.poll(() => one.status().digest === other.status().digest, { timeout: 20_000 }).toBe(true)
  expect(left.getMap('notes').size).toBe(8_000)
  // Each has fetched what it lacked.
  expect(Math.min(ofLeft.fetched, ofRight.fetched)).toBeGreaterThan(4_000 * 200)
  expect(ofLeft.bytes + ofRight.bytes).toBeLessThan(1.1 * difference)
})
