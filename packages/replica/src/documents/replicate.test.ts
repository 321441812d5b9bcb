import { setTimeout as delay } from 'node:timers/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryNetwork, type MemoryNetwork } from '../testing/memory-bus.ts'
import { onStorage } from '../testing/on-storage.ts'
import { openFileStorage, replicate, type Policy, type Replica, type Storage } from '../index.ts'

interface Node {
  readonly doc: Y.Doc
  readonly notes: Y.Map<unknown>
  readonly replica: Replica
}

const running: Replica[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((replica) => replica.close()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

const start = async (
  network: MemoryNetwork,
  id: string,
  options: {
    readonly storage?: Storage
    readonly policy?: Policy
    readonly antiEntropyInterval?: number
  } = {},
): Promise<Node> => {
  const doc = new Y.Doc()
  const replica = await replicate(doc, network.join(id), {
    name: 'notes',
    antiEntropyInterval: 20,
    discoveryWindow: 10,
    writeTimeout: 5_000,
    ...options,
  })
  running.push(options.storage === undefined ? replica : onStorage(replica, options.storage))
  return { doc, notes: doc.getMap('notes'), replica }
}

const tempFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'replica-'))
  folders.push(folder)
  return folder
}

/** Resolves when all digests are equal, which anti-entropy brings about within a few intervals. */
const converged = async (...nodes: readonly Node[]): Promise<void> => {
  const signal = AbortSignal.timeout(5_000)
  while (new Set(nodes.map(({ replica }) => replica.status().digest)).size > 1) {
    signal.throwIfAborted()
    await delay(5)
  }
}

test('a write is on every reachable member when it resolves', async () => {
  const network = memoryNetwork()
  const [a, b, c] = [await start(network, 'a'), await start(network, 'b'), await start(network, 'c')]
  const { acknowledgement } = await a.replica.write(() => a.notes.set('milk', 'two pints'))
  expect(acknowledgement).toEqual({ members: expect.arrayContaining(['a', 'b', 'c']), missing: [] })
  expect([b.notes.get('milk'), c.notes.get('milk')]).toEqual(['two pints', 'two pints'])
})

test('a write during a split is acknowledged by its side and crosses after the heal', async () => {
  const network = memoryNetwork()
  const [a, b] = [await start(network, 'a'), await start(network, 'b')]
  network.cut('a', 'b')
  const { acknowledgement } = await a.replica.write(() => a.notes.set('left', 1))
  await b.replica.write(() => b.notes.set('right', 2))
  expect(acknowledgement.members).toEqual(['a'])
  expect(b.notes.has('left')).toBe(false)
  network.heal()
  await converged(a, b)
  expect(a.notes.toJSON()).toEqual({ left: 1, right: 2 })
  expect(b.notes.toJSON()).toEqual({ left: 1, right: 2 })
})

test('after a heal only what is missing crosses the wire', async () => {
  const network = memoryNetwork()
  const [a, b] = [await start(network, 'a'), await start(network, 'b')]
  await a.replica.write(() => {
    for (let key = 0; key < 5_000; key += 1) a.notes.set(`shared ${key}`, 'x'.repeat(50))
  })
  await converged(a, b)
  network.cut('a', 'b')
  const before = a.replica.status().bytesOut
  await a.replica.write(() => a.notes.set('new', 1))
  network.heal()
  await converged(a, b)
  expect(a.replica.status().bytesOut - before).toBeLessThan(2_000)
})

test('a large difference arrives in slices and whole', async () => {
  const network = memoryNetwork()
  const a = await start(network, 'a')
  await a.replica.write(() => {
    for (let key = 0; key < 20_000; key += 1) a.notes.set(`key ${key}`, { value: 'x'.repeat(100) })
  })
  const b = await start(network, 'b')
  await b.replica.ready
  expect(b.notes.size).toBe(20_000)
  expect(b.replica.status().digest).toBe(a.replica.status().digest)
})

test('a number of members that cannot be reached fails the write and says who has it', async () => {
  const network = memoryNetwork()
  const [a] = [await start(network, 'a'), await start(network, 'b')]
  await expect(a.replica.write(() => a.notes.set('k', 1), { concern: 3 })).rejects.toMatchObject({
    code: 'WRITE_CONCERN',
    acknowledgement: { members: ['a', 'b'], missing: [] },
  })
})

test('a restarted replica has its document from its own disk', async () => {
  const folder = await tempFolder()
  const open = (): Promise<Storage> => openFileStorage({ folder, owner: 'test/notes' })
  const storage = await open()
  const first = await start(memoryNetwork(), 'a', { storage })
  await first.replica.write(() => first.notes.set('milk', 'two pints'))
  await first.replica.close()
  await storage.close()
  const again = await start(memoryNetwork(), 'a', { storage: await open() })
  expect(again.notes.toJSON()).toEqual({ milk: 'two pints' })
  expect(again.replica.status().digest).toBe(first.replica.status().digest)
})

test('data of another owner is refused and left alone', async () => {
  const folder = await tempFolder()
  const theirs = await openFileStorage({ folder, owner: 'one' })
  await theirs.append(Uint8Array.of(1))
  await theirs.close()
  await expect(openFileStorage({ folder, owner: 'two' })).rejects.toMatchObject({ code: 'FOREIGN_DATA' })
})

test('a folder in use is refused', async () => {
  const folder = await tempFolder()
  const storage = await openFileStorage({ folder, owner: 'one' })
  await expect(openFileStorage({ folder, owner: 'one' })).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
  await storage.close()
})

const brittleStorage = (): { storage: Storage; setBroken(broken: boolean): void; saved: Uint8Array[] } => {
  const saved: Uint8Array[] = []
  let broken = false
  const storage: Storage = {
    load: async function* () {
      yield* []
    },
    append: async (update) => {
      if (broken) throw new Error('no space left on device')
      saved.push(update)
    },
    compact: async () => undefined,
    status: () => ({ logBytes: 0, snapshotBytes: 0, damaged: 0, setAside: 0, compactionDue: false }),
    close: async () => undefined,
  }
  return { storage, saved, setBroken: (state) => void (broken = state) }
}

test('a disk that fails refuses writes, and has missed nothing once it works again', async () => {
  const { storage, saved, setBroken } = brittleStorage()
  const a = await start(memoryNetwork(), 'a', { storage })
  setBroken(true)
  await expect(a.replica.write(() => a.notes.set('lost?', 1))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  })
  await expect(a.replica.write(() => a.notes.set('refused', 1))).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  })
  expect(a.notes.has('refused')).toBe(false)
  setBroken(false)
  await expect.poll(() => a.replica.status().storage, { timeout: 5_000 }).toBe('keeping')
  const restored = new Y.Doc()
  for (const update of saved) Y.applyUpdate(restored, update)
  expect(restored.getMap('notes').toJSON()).toEqual(a.notes.toJSON())
})

test('a member that cannot write to its disk does not count as having the write', async () => {
  const network = memoryNetwork()
  const { storage, setBroken } = brittleStorage()
  const [a] = [await start(network, 'a'), await start(network, 'b', { storage })]
  setBroken(true)
  const { acknowledgement } = await a.replica.write(() => a.notes.set('k', 1))
  expect(acknowledgement).toEqual({ members: ['a'], missing: ['b'] })
})

test('a foreign change that the policy refuses changes nothing and is counted', async () => {
  const network = memoryNetwork()
  const policy: Policy = ({ deletions, others }) =>
    deletions.length + others > 0 ? { verdict: 'refuse', reason: 'only new entries' } : { verdict: 'accept' }
  const a = await start(network, 'a', { policy })
  const b = await start(network, 'b')
  await b.replica.write(() => b.notes.set('kept', 1))
  await b.replica.write(() => b.notes.delete('kept'))
  await b.replica.write(() => b.doc.getArray('list').push(['other']))
  expect(a.notes.toJSON()).toEqual({ kept: 1 })
  expect(a.replica.status().refused).toBeGreaterThan(0)
})
