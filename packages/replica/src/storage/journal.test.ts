import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { silentLog, systemClock } from '@grapevine/std'
import { openJournal } from './journal.ts'
import { memoryStorage } from './memory.ts'

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
    saved: new Map(),
    changed: () => undefined,
    isReceiving: () => isReceiving,
  })
  const save = (bytes: number): Promise<void> => journal.save(new Uint8Array(bytes))
  await save(2_000)
  expect(compact).not.toHaveBeenCalled()
  await save(8_000)
  expect(compact).toHaveBeenCalledOnce()
  await vi.waitFor(() => expect(storage.status().logBytes).toBe(0))
  isReceiving = false
  await save(2_000)
  expect(compact).toHaveBeenCalledTimes(2)
  await journal.close()
})
