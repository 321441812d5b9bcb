import { every, reasonOf, type Clock, type Log } from '@grapevine/std'
import { StorageUnavailableError } from '../errors.ts'
import type { Storage } from './storage.ts'

/** What is to be kept: under its key, so that it is kept once. */
export interface FactRecord {
  readonly key: string
  readonly bytes: Uint8Array
}

/** Keeps on disk what a set takes in. What a failed append contained stays owed, until it is on disk. */
export interface FactJournal {
  /**
   * Resolves when these records are on disk.
   *
   * @throws StorageUnavailableError: they are owed
   */
  save(records: readonly FactRecord[]): Promise<void>
  owes(key: string): boolean
  readonly owed: number
  readonly state: 'keeping' | 'failing'
  /** Something was erased: what the disk still holds of it is to go. */
  purged(): void
  compact(): Promise<void>
  close(): Promise<void>
}

export interface FactJournalContext {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  readonly compactAfter: number
  readonly snapshot: () => AsyncIterable<Uint8Array>
  readonly changed: () => void
}

const retryInterval = 1_000

/** Stand-in until the modelled one lands. */
export const createFactJournal = (context: FactJournalContext): FactJournal => {
  const { storage, clock, log } = context
  const owed = new Map<string, Uint8Array>()
  let compaction: Promise<void> | undefined
  let isPurgeDue = false
  const append = async (records: readonly FactRecord[]): Promise<void> => {
    for (const { key, bytes } of records) owed.set(key, bytes)
    const now = [...owed]
    try {
      await storage.append(Buffer.concat(now.map(([, bytes]) => bytes)))
    } catch (error) {
      log.error({ reason: reasonOf(error) }, 'the disk does not take writes; they are refused')
      isFailing = true
      context.changed()
      throw new StorageUnavailableError(reasonOf(error), { cause: error })
    }
    isFailing = false
    for (const [key] of now) owed.delete(key)
  }
  let isFailing = false
  const compact = (): Promise<void> => {
    isPurgeDue = false
    compaction ??= storage
      .compact(context.snapshot())
      .catch((error: unknown) =>
        log.warn({ reason: reasonOf(error) }, 'the log was not compacted; it stays as it was'),
      )
      .finally(() => {
        compaction = undefined
      })
    return compaction
  }
  const end = every(clock, retryInterval, () => {
    const { logBytes, snapshotBytes } = storage.status()
    if (isFailing) append([]).catch(() => undefined)
    else if (isPurgeDue || logBytes > Math.max(context.compactAfter, snapshotBytes)) void compact()
  })
  return {
    save: append,
    owes: (key) => owed.has(key),
    get owed() {
      return owed.size
    },
    get state() {
      return isFailing ? 'failing' : 'keeping'
    },
    purged: () => {
      isPurgeDue = true
    },
    compact,
    close: async () => {
      end()
      await compaction
      await storage.close()
    },
  }
}
