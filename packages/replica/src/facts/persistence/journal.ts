import { every, type Clock, type Log } from '@grapevine/std'
import { createCompactor } from '../../storage/compactor.ts'
import { createOwed, type Owing } from '../../storage/owed.ts'
import type { Storage } from '../../storage/storage.ts'

/** What is to be kept: under its key, so that it is kept once. */
export type FactRecord = Owing

/** Keeps on disk what a set takes in. What a failed append contained stays owed, until it is on disk. */
export interface FactJournal {
  /**
   * Resolves when these records are on disk. They must be in the snapshot from the moment on at which this is called.
   *
   * @throws StorageUnavailableError: at least one is not; it is owed, and tried again with the next ones and each second
   */
  save(records: readonly FactRecord[]): Promise<void>
  /** It is not on disk yet. */
  owes(key: string): boolean
  /** Records that are not on disk yet. */
  readonly owed: number
  /** `failing`: something that was tried is not on disk. */
  readonly state: 'keeping' | 'failing'
  /**
   * These keys were erased: they are not owed any more, and what the disk holds of them goes with a compaction that is
   * due now, with whatever was damaged and set aside.
   *
   * @param keys - none if the disk holds something erased, of whatever key
   */
  purged(keys?: readonly string[]): void
  /** Replaces the log by a snapshot now; it happens by itself when it is due. */
  compact(): Promise<void>
  /** Resolves when nothing is under way. The storage stays open: who opened it closes it. */
  close(): Promise<void>
}

export interface FactJournalContext {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  /** Bytes of log after which it is compacted; and not before it is as large as the last snapshot. */
  readonly compactAfter: number
  /** All records that are to be kept, as they are when it is asked for. */
  readonly snapshot: () => AsyncIterable<Uint8Array>
  /** Something that is told here may be another now. */
  readonly changed: () => void
}

/** Milliseconds. */
const retryInterval = 1_000

export const createFactJournal = (context: FactJournalContext): FactJournal => {
  const { clock, log } = context
  const owed = createOwed(context)
  const compactor = createCompactor({ ...context, settled: owed.settled })

  const tryAgain = (): void => {
    // On a disk that is full a snapshot only takes the last space.
    if (owed.isFailing) owed.retry().catch(() => undefined)
    else compactor.check()
  }
  const endRetry = every(clock, retryInterval, tryAgain)
  // What a compaction left behind, or is damaged, is written anew at once.
  const endFirst = clock.after(0, compactor.check)

  return {
    save: async (records) => {
      await owed.add(records)
      compactor.check()
    },
    owes: owed.has,
    get owed() {
      return owed.size
    },
    get state() {
      return owed.isFailing ? 'failing' : 'keeping'
    },
    purged: (keys = []) => {
      owed.forget(keys)
      compactor.purge()
    },
    compact: compactor.run,
    close: async () => {
      endFirst()
      endRetry()
      await owed.settled()
      await compactor.close()
      await owed.retry().catch(() => undefined)
      if (owed.size > 0) log.error({ records: owed.size }, 'closed with records that are not on this disk')
    },
  }
}
