import * as Y from 'yjs'
import { StorageUnavailableError } from './errors.ts'
import { reasonOf, type Log } from './log.ts'
import { vectorOf } from './wire.ts'
import type { Storage } from './storage/storage.ts'

/**
 * Keeps the disk as complete as the document. When an append fails, what the disk lacks is remembered as a
 * state vector, and nothing counts as saved again until the disk has taken all of it.
 */
export interface Journal {
  /** Resolves when this update and all that was applied before it are on disk. */
  save(update: Uint8Array): Promise<void>
  /** Resolves when everything applied so far is on disk. */
  settled(): Promise<void>
  readonly state: 'keeping' | 'failing'
  close(): Promise<void>
}

const retryInterval = 1_000

export const openJournal = (doc: Y.Doc, storage: Storage, log: Log): Journal => {
  let lacking: ReadonlyMap<number, number> | undefined
  let saved: ReadonlyMap<number, number> = vectorOf(doc)
  let last: Promise<void> = Promise.resolve()

  const append = async (update: Uint8Array): Promise<void> => {
    const repaired = lacking
    const before = saved
    const after = vectorOf(doc)
    try {
      await storage.append(
        repaired === undefined ? update : Y.encodeStateAsUpdate(doc, encodeVector(repaired)),
      )
    } catch (error) {
      if (lacking === undefined)
        log.error({ reason: reasonOf(error) }, 'the disk does not take writes; they are refused')
      lacking ??= before
      throw error instanceof StorageUnavailableError
        ? error
        : new StorageUnavailableError(reasonOf(error), { cause: error })
    }
    if (lacking !== undefined && lacking !== repaired) {
      throw new StorageUnavailableError(
        'an earlier write failed; this one counts only when that one is on disk too',
      )
    }
    if (lacking !== undefined) log.info({}, 'the disk takes writes again; all that it lacked is on it')
    lacking = undefined
    saved = after
  }

  const save = (update: Uint8Array): Promise<void> => {
    last = append(update)
    // Whoever called waits for it; `last` alone must not count as unhandled.
    last.catch(() => undefined)
    return last
  }

  const retry = setInterval(() => {
    if (lacking !== undefined) void save(new Uint8Array()).catch(() => undefined)
  }, retryInterval)

  return {
    save,
    settled: () => (lacking === undefined ? last : save(new Uint8Array())),
    get state() {
      return lacking === undefined ? 'keeping' : 'failing'
    },
    close: async () => {
      clearInterval(retry)
      await last.catch(() => undefined)
      await storage.close()
    },
  }
}

const encodeVector = (vector: ReadonlyMap<number, number>): Uint8Array => Y.encodeStateVector(new Map(vector))
