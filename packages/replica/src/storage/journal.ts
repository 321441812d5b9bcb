import { StorageUnavailableError } from '../errors.ts'
import { vectorOf, type Vector } from '../codec/vector.ts'
import { updatesSince } from '../codec/difference.ts'
import type { Storage } from './storage.ts'
import type * as Y from 'yjs'
import { type Clock, every, type Log, reasonOf } from '@grapevine/std'

/**
 * Keeps the disk as complete as the document. When an append fails, what the disk lacks is remembered as a
 * state vector, and nothing counts as saved again until the disk has taken all of it.
 */
export interface Journal {
  /** Resolves when this update and all that was applied before it are on disk. */
  save(update: Uint8Array): Promise<void>
  /** Resolves when everything applied so far is on disk. */
  settled(): Promise<void>
  /** Replaces the log by a snapshot of the document, unless that is under way. */
  compact(): Promise<void>
  readonly state: 'keeping' | 'failing'
  /** Calls of `save` that have not settled. */
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
  /** What the disk holds already. */
  readonly saved: Vector
  readonly changed: () => void
  /** Much is arriving: a compaction would slow it down, and be due again right after. */
  readonly isReceiving: () => boolean
}

/** However much arrives, the log does not grow beyond so many times what it is compacted at. */
const mostPostponed = 8
const retryInterval = 1_000
const compactionRetry = 30_000

export const openJournal = (context: JournalContext): Journal => {
  const { doc, storage, clock, log, changed } = context
  let saved = context.saved
  let lacking: Vector | undefined
  let last: Promise<void> = Promise.resolve()
  let unsaved = 0
  let closed = false
  let compaction: Promise<void> | undefined
  let notBefore = -Infinity

  const failed = (error: unknown, before: Vector): StorageUnavailableError => {
    if (lacking === undefined) {
      lacking = before
      log.error({ reason: reasonOf(error) }, 'the disk does not take writes; they are refused')
      changed()
    }
    if (error instanceof StorageUnavailableError) return error
    return new StorageUnavailableError(reasonOf(error), { cause: error })
  }

  const append = async (update: Uint8Array): Promise<void> => {
    const [before, after] = [saved, vectorOf(doc)]
    try {
      await storage.append(update)
    } catch (error) {
      throw failed(error, before)
    }
    // Looked at again: an append that was under way may have failed meanwhile.
    if (isFailing())
      throw new StorageUnavailableError(
        'an earlier write failed; this one counts when that one is on disk too',
      )
    saved = after
    compactIfDue()
  }

  let running: Promise<void> = Promise.resolve()
  let queued: Promise<void> | undefined
  /** Writes all that the disk lacks. Who asks while it runs gets the next run: this one may have passed theirs. */
  const recover = (): Promise<void> => {
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined
        running = rewrite()
        return running
      })
    return queued
  }
  const rewrite = async (): Promise<void> => {
    const from = lacking ?? saved
    const start = vectorOf(doc)
    try {
      for await (const update of updatesSince(doc, from, clock)) await storage.append(update)
    } catch (error) {
      throw failed(error, from)
    }
    saved = start
    lacking = queued === undefined ? undefined : start
    if (lacking === undefined) log.info({}, 'the disk takes writes again; all that it lacked is on it')
    changed()
  }
  const isFailing = (): boolean => lacking !== undefined

  const save = (update: Uint8Array): Promise<void> => {
    unsaved += 1
    last = (isFailing() ? recover() : append(update)).finally(() => {
      unsaved -= 1
      changed()
    })
    // Whoever called waits for it; `last` alone must not count as unhandled.
    last.catch(() => undefined)
    return last
  }

  const snapshot = async function* (): AsyncGenerator<Uint8Array> {
    for await (const update of updatesSince(doc, new Map(), clock)) {
      if (closed) throw new Error('the replica was closed')
      yield update
    }
    yield* context.held
  }
  const compact = (): Promise<void> => {
    compaction ??= storage
      .compact(snapshot())
      .catch((error: unknown) => {
        notBefore = clock.now() + compactionRetry
        if (!closed) log.warn({ reason: reasonOf(error) }, 'the log was not compacted; it stays as it was')
      })
      .finally(() => {
        compaction = undefined
        changed()
      })
    return compaction
  }
  const compactIfDue = (): void => {
    const { logBytes, snapshotBytes } = storage.status()
    const due = Math.max(context.compactAfter, snapshotBytes)
    const isDue = logBytes > (context.isReceiving() ? mostPostponed * due : due)
    if (isDue && !closed && clock.now() >= notBefore) void compact()
  }

  const endRetry = every(clock, retryInterval, () => {
    if (isFailing()) recover().catch(() => undefined)
    else compactIfDue()
  })

  return {
    save,
    settled: () => (isFailing() ? recover() : last),
    compact,
    get state() {
      return isFailing() ? 'failing' : 'keeping'
    },
    get unsaved() {
      return unsaved
    },
    close: async () => {
      closed = true
      endRetry()
      await last.catch(() => undefined)
      await running.catch(() => undefined)
      await compaction
    },
  }
}
