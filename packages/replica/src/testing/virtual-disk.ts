import type { Clock } from '@grapevine/std'
import { memoryStorage, type MemoryDisk } from '../storage/memory.ts'
import { StorageUnavailableError } from '../errors.ts'
import type { Storage } from '../storage/storage.ts'

/** A disk that takes its time to flush, and can be full. What was not flushed at a crash is lost. */
export interface VirtualDisk {
  readonly disk: MemoryDisk
  isFull: boolean
}

export const virtualStorage = (place: VirtualDisk, clock: Clock, random: () => number): Storage => {
  const storage = memoryStorage(place.disk)
  let last: Promise<void> = Promise.resolve()
  const flushed = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined)
    // A host that crashes never comes back from here.
    await new Promise<void>((resolve) => void clock.after(random() * 5, resolve))
    if (place.isFull) throw new StorageUnavailableError('no space left on the virtual disk')
  }
  return {
    ...storage,
    append: (update) => {
      last = flushed(last).then(() => storage.append(update))
      return last
    },
    compact: async (snapshot) => {
      const covered = place.disk.log.length
      const updates: Uint8Array[] = []
      for await (const update of snapshot) {
        await flushed(Promise.resolve())
        updates.push(update)
      }
      place.disk.snapshot = updates
      place.disk.log = place.disk.log.slice(covered)
    },
  }
}
