import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { sealFrame } from '../../shared/frame.ts'
import { memoryNetwork, type MemoryNetwork } from '../../testing/memory-bus.ts'
import { limits, replicate, type Bus, type Policy, type Replica } from '../../index.ts'
import { decodeRequest, decodeResponse, encodeRequest, encodeResponse } from '../protocol/message.ts'

const onlyNew: Policy = ({ deletions, others }) =>
  deletions.length + others > 0 ? { verdict: 'refuse', reason: 'only new entries' } : { verdict: 'accept' }

let network: MemoryNetwork
let doc: Y.Doc
let victim: Replica
let mallory: Bus
let warnings: string[]
beforeEach(async () => {
  network = memoryNetwork()
  doc = new Y.Doc()
  warnings = []
  const ignore = (): void => undefined
  const log = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (_fields: object, message: string) => void warnings.push(message),
  }
  victim = await replicate(doc, network.join('victim'), {
    name: 'notes',
    policy: onlyNew,
    antiEntropyInterval: 600_000,
    discoveryWindow: 0,
    writeTimeout: 10,
    log,
  })
  await victim.ready
  mallory = network.join('mallory')
  await victim.write(() => doc.getMap('notes').set('kept', 1))
})
afterEach(() => victim.close())

const send = async (frame: Uint8Array): Promise<string> => {
  const answer = await mallory.request('victim', 'replica/notes', frame, {
    signal: AbortSignal.timeout(5_000),
  })
  return decodeResponse(answer).type
}

const store = (update: Uint8Array): Promise<string> => send(encodeRequest({ type: 'store', update }))

const noteBy = (client: number, key: string): Uint8Array => {
  const author = new Y.Doc()
  author.clientID = client
  author.getMap('notes').set(key, 1)
  return Y.encodeStateAsUpdate(author)
}

const everythingDeleted = (): Uint8Array =>
  encoding.encode((encoder) => {
    for (const number of [0, 1, doc.clientID, 1, 0, 1]) encoding.writeVarUint(encoder, number)
  })

test('a good change of a member is taken', async () => {
  expect(await store(noteBy(7, 'good'))).toBe('stored')
  expect(doc.getMap('notes').toJSON()).toEqual({ kept: 1, good: 1 })
})

test('a flipped bit on the way is refused, wherever it is', async () => {
  const frame = encodeRequest({ type: 'store', update: noteBy(7, 'a note with a name') })
  const before = victim.status().digest
  for (let at = 0; at < frame.length; at += 8) {
    const flipped = frame.slice()
    flipped[at] = (flipped[at] ?? 0) ^ 1
    await expect(send(flipped)).rejects.toThrow(/checksum|not a message/)
  }
  expect(victim.status().digest).toBe(before)
})

test('a delete of everything deletes nothing, is counted, and is logged', async () => {
  await expect(store(everythingDeleted())).rejects.toMatchObject({ code: 'REFUSED_UPDATE' })
  expect(doc.getMap('notes').size).toBe(1)
  expect(victim.status().refused).toBe(1)
  expect(warnings).toEqual(['a foreign update was refused'])
})

test('a member that goes on is not listened to for a while, which is said once', async () => {
  const replacing = Y.encodeStateAsUpdate(doc)
  const other = new Y.Doc()
  Y.applyUpdate(other, replacing)
  other.getMap('notes').set('kept', 'replaced')
  const update = Y.encodeStateAsUpdate(other)
  for (let time = 0; time < 50; time += 1) await store(update).catch(() => undefined)
  expect(victim.status()).toMatchObject({ cutOff: ['mallory'], refused: limits.refusals })
  await expect(store(noteBy(7, 'good'))).rejects.toThrow('not listened to for a while')
  expect(warnings.filter((message) => message.includes('keeps sending'))).toHaveLength(1)
})

test('10,000 updates whose predecessors are missing leave nothing behind', async () => {
  const author = new Y.Doc()
  const updates: Uint8Array[] = []
  author.on('update', (update: Uint8Array) => void updates.push(update))
  for (let key = 0; key <= 10_000; key += 1) author.getMap('notes').set(`key ${key}`, 1)
  const topic = mallory.topic('notes')
  for (const update of updates.slice(1)) await topic.publish(sealFrame(update))
  await expect.poll(() => victim.status().pending).toBe(0)
  expect(doc.store.pendingStructs).toBeNull()
  expect(doc.getMap('notes').size).toBe(1)
  const { gaps, dropped } = victim.status()
  expect(gaps + dropped).toBe(10_000)
})

test('the same change a thousand times over is taken once and written once', async () => {
  const update = noteBy(7, 'again')
  await store(update)
  const { logBytes } = victim.status()
  for (let time = 0; time < 1_000; time += 1) await mallory.topic('notes').publish(sealFrame(update))
  await expect.poll(() => victim.status().pending).toBe(0)
  expect(victim.status()).toMatchObject({ logBytes, refused: 0 })
})

test('a message of 5 MB is refused by its size', async () => {
  await expect(send(new Uint8Array(5_000_000))).rejects.toThrow(/5000000 bytes/)
})

test('many messages at the bounds let timers run between them', async () => {
  const author = new Y.Doc()
  author.getMap('notes').set('large', 'x'.repeat(limits.update - 1_000))
  const frame = sealFrame(Y.encodeStateAsUpdate(author))
  let turns = 0
  const timer = setInterval(() => void (turns += 1), 1)
  for (let time = 0; time < 40; time += 1) await mallory.topic('notes').publish(frame)
  await expect.poll(() => victim.status().pending, { interval: 1 }).toBe(0)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(0)
  expect(victim.status().dropped).toBeGreaterThan(0)
})

test('an answer of slices that leads nowhere and is not the last ends the exchange, and is not asked for again', async () => {
  let asked = 0
  const nowhere = { type: 'slices', updates: [], last: false, vector: new Map<number, number>() } as const
  await mallory.handle('replica/notes', async (request) => {
    const { type } = decodeRequest(request)
    if (type !== 'pull') return encodeResponse({ type: 'differ', digest: '0'.repeat(64) })
    asked += 1
    return encodeResponse(nowhere)
  })
  // Whoever builds on what the victim lacks is asked for it.
  await expect(store(noteOnTopOf('unknown'))).rejects.toThrow('builds on what was not sent')
  expect(asked).toBe(1)
})

/** The second of two changes, without the first. */
const noteOnTopOf = (key: string): Uint8Array => {
  const author = new Y.Doc()
  author.getMap('notes').set(key, 1)
  const before = Y.encodeStateVector(author)
  author.getMap('notes').set(`${key} and more`, 1)
  return Y.encodeStateAsUpdate(author, before)
}
