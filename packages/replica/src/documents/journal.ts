import { every, type Clock, type Log } from '@grapevine/std'
import { updatesSince } from './update-codec/difference.ts'
import { createCompactor } from '../storage/compactor.ts'
import { createOwed } from '../storage/owed.ts'
import type { Storage } from '../storage/storage.ts'
import type * as Y from 'yjs'

/**
 * Keeps the disk as complete as the document. An update whose append fails stays owed, and no later one counts as saved
 * before it is on disk: that one may build on it.
 */
export interface Journal {
  /**
   * Resolves when this update and all that were saved before it are on disk. It must be applied to the document already.
   *
   * @throws StorageUnavailableError: it is owed, and tried again with the next one and each second
   */
  save(update: Uint8Array): Promise<void>
  /** Resolves when all that were saved so far are on disk. @throws StorageUnavailableError */
  settled(): Promise<void>
  /** Replaces the log by a snapshot of the document, unless that is under way. */
  compact(): Promise<void>
  readonly state: 'keeping' | 'failing'
  /** Updates that are not on disk yet. */
  readonly unsaved: number
  /** Resolves when nothing is under way. The storage stays open: who opened it closes it. */
  close(): Promise<void>
}

export interface JournalContext {
  readonly doc: Y.Doc
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  /** Bytes of log after which it is compacted. */
  readonly compactAfter: number
  /** Updates that the document cannot show yet; a snapshot keeps them. */
  readonly held: readonly Uint8Array[]
  readonly changed: () => void
  /** Much is arriving: a compaction would slow it down, and be due again right after. */
  readonly isReceiving: () => boolean
}

/** Milliseconds. */
const retryInterval = 1_000

export const openJournal = (context: JournalContext): Journal => {
  const { doc, clock, held, log } = context
  const owed = createOwed(context)
  const snapshot = async function* (): AsyncGenerator<Uint8Array> {
    yield* updatesSince(doc, new Map(), clock)
    yield* held
  }
  const compactor = createCompactor({ ...context, snapshot, settled: owed.settled })
  /** Of the next update. */
  let number = 0

  /** Updates are owed in the order of their numbers. */
  const isAnyOwedBefore = (end: number): boolean => {
    const first = owed.first()
    return first !== undefined && Number(first) < end
  }
  const allBefore = async (end: number): Promise<void> => {
    while (isAnyOwedBefore(end)) {
      await owed.settled()
      if (owed.isFailing) await owed.retry()
    }
  }

  const endRetry = every(clock, retryInterval, () => {
    if (owed.isFailing) owed.retry().catch(() => undefined)
    else compactor.check()
  })

  return {
    save: async (update) => {
      const own = number++
      await owed.add([{ key: String(own), bytes: update }])
      await allBefore(own)
      compactor.check()
    },
    settled: () => allBefore(number),
    compact: compactor.run,
    get state() {
      return owed.isFailing ? 'failing' : 'keeping'
    },
    get unsaved() {
      return owed.size
    },
    close: async () => {
      endRetry()
      await owed.settled()
      await compactor.close()
      await owed.retry().catch(() => undefined)
      if (owed.size > 0) log.error({ updates: owed.size }, 'closed with updates that are not on this disk')
    },
  }
}
