import type { Storage } from './storage.ts'

/** What a {@link memoryStorage} keeps; hand it to the next one, and it is as if a process had restarted. */
export interface MemoryDisk {
  snapshot: Uint8Array[]
  log: Uint8Array[]
}

export const memoryDisk = (): MemoryDisk => ({ snapshot: [], log: [] })

/** For tests, and for members that may start empty: nothing survives the process. */
export const memoryStorage = (disk: MemoryDisk = memoryDisk()): Storage => ({
  load: async function* () {
    yield* [...disk.snapshot, ...disk.log]
  },
  append: async (update) => void disk.log.push(update),
  compact: async (snapshot) => {
    const covered = disk.log.length
    const updates: Uint8Array[] = []
    for await (const update of snapshot) updates.push(update)
    disk.snapshot = updates
    disk.log = disk.log.slice(covered)
  },
  status: () => ({
    logBytes: bytesOf(disk.log),
    snapshotBytes: bytesOf(disk.snapshot),
    damaged: 0,
    setAside: 0,
    compactionDue: false,
  }),
  close: async () => undefined,
})

const bytesOf = (updates: readonly Uint8Array[]): number =>
  updates.reduce((sum, { length }) => sum + length, 0)
