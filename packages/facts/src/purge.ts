import type * as Y from 'yjs'

/** Deletes from the map what nobody may read any more: the first thousand at once, more in portions. */
export interface Purge {
  /** Keys of the set that are spent. */
  add(keys: readonly string[]): void
  /** Keys that were never of the set. */
  remove(keys: readonly string[]): void
  /** Keys of the set that are still to be deleted. */
  readonly waiting: number
}

export interface PurgeContext {
  readonly doc: Y.Doc
  readonly map: Y.Map<string>
  readonly later: (work: () => void) => void
  readonly origin: symbol
  /** Takes a key out of the set's digest. */
  readonly forget: (key: string) => void
}

/** Deletions at a time: a few milliseconds of work. */
const portion = 1_000

export const createPurge = ({ doc, map, later, origin, forget }: PurgeContext): Purge => {
  let queue: string[] = []
  let isScheduled = false

  const remove = (keys: readonly string[]): void => {
    if (keys.length === 0) return
    doc.transact(() => {
      for (const key of keys) map.delete(key)
    }, origin)
  }
  const run = (): void => {
    isScheduled = false
    const now = queue.splice(0, portion)
    for (const key of now) forget(key)
    remove(now)
    if (queue.length === 0) return
    isScheduled = true
    later(run)
  }
  return {
    add: (keys) => {
      if (keys.length === 0) return
      queue = queue.length === 0 ? [...keys] : [...queue, ...keys]
      if (!isScheduled) run()
    },
    remove,
    get waiting() {
      return queue.length
    },
  }
}
