import { reasonOf, type Clock, type Log } from '@grapevine/std'
import type { Storage } from './storage.ts'

/** Replaces the log by a snapshot when that is due, one at a time. */
export interface Compactor {
  /** Begins one if it is due. */
  check(): void
  /** Resolves when one has ended that began after this was called: one that is under way may have read what goes now. */
  run(): Promise<void>
  /** Something was erased: a snapshot without it is due, and then nothing of it may be left. */
  purge(): void
  /** Gives up the one that is under way. */
  close(): Promise<void>
}

export interface CompactorContext {
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Log
  /** Bytes of log after which it is due; and not before the log is as large as the last snapshot. */
  readonly compactAfter: number
  /** All that is to be kept, as it is when it is asked for. */
  readonly snapshot: () => AsyncIterable<Uint8Array>
  /** Resolves when nothing that is erased by now is on its way to the log. */
  readonly settled: () => Promise<void>
  readonly changed: () => void
  /** Much is arriving: it would slow that down, and be due again right after. @default never */
  readonly isReceiving?: () => boolean
}

/** However much arrives, the log does not grow beyond so many times what it is compacted at. */
const mostPostponed = 8

/** Milliseconds after one that failed. */
const afterFailure = 30_000

/** Erasing goes on for so many times as long as a compaction takes before the next: else it could keep the disk busy. */
const restPerPurge = 10
const leastRest = 1_000

export const createCompactor = (context: CompactorContext): Compactor => {
  const { storage, clock, log, compactAfter, isReceiving = () => false } = context
  let running: Promise<void> | undefined
  /** The one that begins when the one that is under way has ended. */
  let next: Promise<void> | undefined
  let isPurgeDue = false
  let isClosed = false
  /** Clock times before which none begins by itself. */
  let [notBefore, noPurgeBefore] = [-Infinity, -Infinity]

  const snapshot = async function* (): AsyncGenerator<Uint8Array> {
    for await (const record of context.snapshot()) {
      if (isClosed) throw new Error('the replica was closed')
      yield record
    }
  }
  const compact = async (): Promise<void> => {
    const [isPurge, began] = [isPurgeDue, clock.now()]
    isPurgeDue = false
    try {
      await context.settled()
      await storage.compact(snapshot(), { forgetDamaged: isPurge })
      noPurgeBefore = clock.now() + Math.max(leastRest, restPerPurge * (clock.now() - began))
    } catch (error) {
      isPurgeDue ||= isPurge
      notBefore = clock.now() + afterFailure
      if (!isClosed) log.warn({ reason: reasonOf(error) }, 'the log was not compacted; it stays as it was')
    }
  }
  const begin = (): Promise<void> => {
    running = compact().finally(() => {
      running = undefined
      context.changed()
    })
    return running
  }
  const beginNext = (): Promise<void> => {
    next = undefined
    return isClosed ? Promise.resolve() : begin()
  }
  const run = (): Promise<void> => {
    if (running === undefined) return begin()
    next ??= running.then(beginNext)
    return next
  }
  const isDue = (): boolean => {
    const { logBytes, snapshotBytes, compactionDue } = storage.status()
    if ((isPurgeDue || compactionDue) && clock.now() >= noPurgeBefore) return true
    const most = Math.max(compactAfter, snapshotBytes)
    return logBytes > (isReceiving() ? mostPostponed * most : most)
  }

  return {
    check: () => {
      if (!isClosed && running === undefined && clock.now() >= notBefore && isDue()) void run()
    },
    run,
    purge: () => {
      isPurgeDue = true
    },
    close: async () => {
      isClosed = true
      await running
      await next
    },
  }
}
