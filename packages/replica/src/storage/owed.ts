import { reasonOf, type Log } from '@grapevine/std'
import { StorageUnavailableError } from '../errors.ts'
import type { Storage } from './storage.ts'

/** Each under a key of its own, by which it is kept once. */
export interface Owing {
  readonly key: string
  readonly bytes: Uint8Array
}

/** What is to be on disk and is not yet. What an append contained that failed stays owed, until it is on disk. */
export interface Owed {
  /**
   * Resolves when these records are on disk; what failed before is tried again beside them.
   *
   * @throws StorageUnavailableError: at least one is not; it stays owed
   */
  add(records: readonly Owing[]): Promise<void>
  /** Tries all that failed once more, a part at a time, until one fails again. */
  retry(): Promise<void>
  /** These need not be on disk any more. What is on its way already may get there. */
  forget(keys: readonly string[]): void
  has(key: string): boolean
  /** The key that was added first. */
  first(): string | undefined
  readonly size: number
  /** Something that was tried is not on disk. */
  readonly isFailing: boolean
  /** Resolves when nothing is on its way to the disk that is now. */
  settled(): Promise<void>
}

export interface OwedContext {
  readonly storage: Pick<Storage, 'append'>
  readonly log: Log
  readonly changed: () => void
}

interface Entry {
  readonly bytes: Uint8Array
  /** Its append, while one is under way. */
  writing: Promise<void> | undefined
}

/** Bytes that are tried again at once: on a disk that is still full the others would be tried for nothing. */
const triedAtOnce = 1_048_576

export const createOwed = ({ storage, log, changed }: OwedContext): Owed => {
  const entries = new Map<string, Entry>()
  /** Keys whose last append failed, or failed before and is under way anew. */
  const failed = new Set<string>()
  const underWay = new Set<Promise<void>>()
  let retrying: Promise<void> | undefined

  const stored = (key: string, entry: Entry): void => {
    if (entries.get(key) !== entry) return
    entries.delete(key)
    if (failed.delete(key) && failed.size === 0)
      log.info({}, 'the disk takes writes again; all that it lacked is on it')
    changed()
  }
  const notStored = (key: string, entry: Entry, error: unknown): void => {
    entry.writing = undefined
    if (entries.get(key) !== entry) return
    if (failed.size === 0)
      log.error({ reason: reasonOf(error) }, 'the disk does not take writes; they are refused')
    failed.add(key)
    changed()
    throw error instanceof StorageUnavailableError
      ? error
      : new StorageUnavailableError(reasonOf(error), { cause: error })
  }
  /** One append of an entry at a time: who asks while it is under way waits for that one. */
  const write = (key: string, entry: Entry): Promise<void> => {
    if (entry.writing !== undefined) return entry.writing
    const writing = storage.append(entry.bytes).then(
      () => stored(key, entry),
      (error: unknown) => notStored(key, entry, error),
    )
    entry.writing = writing
    underWay.add(writing)
    const ended = (): void => void underWay.delete(writing)
    writing.then(ended, ended)
    return writing
  }

  /** Failed ones that nobody is writing, up to a bound. */
  const nextToTry = (): [string, Entry][] => {
    const next: [string, Entry][] = []
    let bytes = 0
    for (const key of failed) {
      const entry = entries.get(key)
      if (entry === undefined || entry.writing !== undefined) continue
      next.push([key, entry])
      bytes += entry.bytes.length
      if (bytes >= triedAtOnce) break
    }
    return next
  }
  const retryAll = async (): Promise<void> => {
    for (let next = nextToTry(); next.length > 0; next = nextToTry())
      await Promise.all(next.map(([key, entry]) => write(key, entry)))
  }
  const retry = (): Promise<void> => {
    retrying ??= retryAll().finally(() => {
      retrying = undefined
    })
    return retrying
  }

  return {
    add: async (records) => {
      const own = records.map(({ key, bytes }) => {
        const entry = entries.get(key) ?? { bytes, writing: undefined }
        entries.set(key, entry)
        return write(key, entry)
      })
      // Nobody here waits for it; those who did were told that it failed.
      if (failed.size > 0) retry().catch(() => undefined)
      await Promise.all(own)
    },
    retry,
    forget: (keys) => {
      for (const key of keys) {
        entries.delete(key)
        failed.delete(key)
      }
      changed()
    },
    has: (key) => entries.has(key),
    first: () => entries.keys().next().value,
    get size() {
      return entries.size
    },
    get isFailing() {
      return failed.size > 0
    },
    settled: async () => void (await Promise.allSettled(underWay)),
  }
}
