/** Whose rows are still to be written: ids alone, since what is written is the account as it is by then. */

/** Keeps ids through a restart. It need not be exact: to write a row once more does no harm. */
export interface PendingStore {
  load(): Promise<readonly string[]>
  add(id: string): Promise<void>
  /** What is kept from now on. */
  replace(ids: readonly string[]): Promise<void>
}

export interface Pending {
  readonly size: number
  /** More than it may hold were given: only a look at everything finds them. */
  readonly isOverflown: boolean
  add(id: string): void
  /** The one that waits longest, and what `done` asks for. */
  first(): { readonly id: string; readonly count: number } | undefined
  /** Written, unless it changed meanwhile. */
  done(id: string, count: number): void
  /** Everything was looked at. */
  endOverflow(): void
  /** What was asked of the store is done. */
  settled(): Promise<void>
}

/** Stands for everything in the store. */
const everything = '*'

export interface PendingOptions {
  readonly store: PendingStore
  /** Ids at most. */
  readonly most: number
  readonly onError: (error: unknown) => void
}

export const openPending = async ({ store, most, onError }: PendingOptions): Promise<Pending> => {
  /** How often each was added. */
  const ids = new Map<string, number>()
  let isOverflown = false
  let kept = 0
  let last: Promise<unknown> = Promise.resolve()
  const later = (work: () => Promise<void>): void => void (last = last.then(work).catch(onError))
  const keepWhatIs = (): void => {
    const now = [...ids.keys(), ...(isOverflown ? [everything] : [])]
    kept = now.length
    later(() => store.replace(now))
  }
  const keep = (id: string): void => {
    kept += 1
    later(() => store.add(id))
  }
  for (const id of await store.load()) {
    if (id === everything || ids.size >= most) isOverflown = true
    else ids.set(id, 1)
    kept += 1
  }
  return {
    get size() {
      return ids.size
    },
    get isOverflown() {
      return isOverflown
    },
    add: (id) => {
      if (!ids.has(id) && ids.size >= most) {
        if (!isOverflown) keep(everything)
        isOverflown = true
        return
      }
      if (!ids.has(id)) keep(id)
      ids.set(id, (ids.get(id) ?? 0) + 1)
    },
    first: () => {
      const [entry] = ids
      return entry && { id: entry[0], count: entry[1] }
    },
    done: (id, count) => {
      if (ids.get(id) !== count) return
      ids.delete(id)
      // Not line by line: what is done and still kept is written once more at worst.
      if (ids.size === 0 || kept > 2 * ids.size + 1_000) keepWhatIs()
    },
    endOverflow: () => {
      if (!isOverflown) return
      isOverflown = false
      keepWhatIs()
    },
    settled: async () => void (await last),
  }
}
