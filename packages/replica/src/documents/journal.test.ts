import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { silentLog, systemClock } from '@grapevine/std'
import { StorageUnavailableError } from '../errors.ts'
import { openJournal, type Journal } from './journal.ts'
import { loadDocument } from './load.ts'
import { memoryDisk, memoryStorage, type MemoryDisk } from '../storage/memory.ts'

test('a log is not compacted while much arrives, unless it has grown far beyond its bound', async () => {
  const [doc, storage] = [new Y.Doc(), memoryStorage()]
  const compact = vi.spyOn(storage, 'compact')
  let isReceiving = true
  const journal = openJournal({
    doc,
    storage,
    clock: systemClock,
    log: silentLog,
    compactAfter: 1_024,
    held: [],
    changed: () => undefined,
    isReceiving: () => isReceiving,
  })
  const save = (bytes: number): Promise<void> => journal.save(new Uint8Array(bytes))
  await save(2_000)
  expect(compact).not.toHaveBeenCalled()
  await save(8_000)
  await vi.waitFor(() => expect(compact).toHaveBeenCalledOnce())
  await vi.waitFor(() => expect(storage.status().logBytes).toBe(0))
  isReceiving = false
  await save(2_000)
  await vi.waitFor(() => expect(compact).toHaveBeenCalledTimes(2))
  await journal.close()
})

/** A journal on a disk that can be told to fail, as `replicate` opens it. */
const onBrittleDisk = (
  doc: Y.Doc,
  disk: MemoryDisk,
): { journal: Journal; fails: (does: boolean) => void } => {
  const storage = memoryStorage(disk)
  let isFailing = false
  const append = async (update: Uint8Array): Promise<void> => {
    await Promise.resolve()
    if (isFailing) throw new StorageUnavailableError('no space left')
    await storage.append(update)
  }
  const journal = openJournal({
    doc,
    storage: { ...storage, append },
    clock: systemClock,
    log: silentLog,
    compactAfter: 1_048_576,
    held: [],
    changed: () => undefined,
    isReceiving: () => false,
  })
  return { journal, fails: (does) => void (isFailing = does) }
}

const restarted = async (disk: MemoryDisk): Promise<Record<string, unknown>> => {
  const doc = new Y.Doc()
  const origin = Symbol('load')
  await loadDocument(doc, memoryStorage(disk), { clock: systemClock, log: silentLog, origin })
  return doc.getMap('map').toJSON()
}

const changed = (doc: Y.Doc, key: string): Uint8Array => {
  const before = Y.encodeStateVector(doc)
  doc.getMap('map').set(key, key)
  return Y.encodeStateAsUpdate(doc, before)
}

test('a change that was made before another was on disk, and failed itself, is on disk once the disk takes writes', async () => {
  const [doc, disk] = [new Y.Doc(), memoryDisk()]
  const { journal, fails } = onBrittleDisk(doc, disk)
  const [first, second] = [changed(doc, 'first'), changed(doc, 'second')]
  await journal.save(first)
  fails(true)
  await expect(journal.save(second)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  fails(false)
  await journal.settled()
  await journal.save(changed(doc, 'third'))
  await journal.close()
  expect(await restarted(disk)).toEqual({ first: 'first', second: 'second', third: 'third' })
})
