import type { Clock } from '@grapevine/std'
import type { AttemptBook } from './attempt-book.ts'
import { encodeState, type AttemptStore } from './attempt-store.ts'

/** Milliseconds in which changes are gathered; as much may a process that is killed forget. */
const gatherMs = 250

export interface Keeper {
  /** The book is another one now; it will be kept soon. */
  changed(): void
  close(): Promise<void>
}

export interface KeeperParts {
  readonly store: AttemptStore | undefined
  readonly onError: (error: unknown) => void
  readonly clock: Pick<Clock, 'after'>
}

/** Writes the book into the store when it has changed, one write after the other. A store that fails is told of once, until it has worked again. */
export const keeping = (book: Pick<AttemptBook, 'state'>, { store, onError, clock }: KeeperParts): Keeper => {
  let cancel: (() => void) | undefined
  let writing = Promise.resolve()
  let isFailing = false
  const save = async (): Promise<void> => {
    try {
      await store?.write(encodeState(book.state()))
      isFailing = false
    } catch (error) {
      if (!isFailing) onError(error)
      isFailing = true
    }
  }
  const write = (): Promise<void> => {
    cancel = undefined
    writing = writing.then(save)
    return writing
  }
  return {
    changed() {
      if (store !== undefined) cancel ??= clock.after(gatherMs, () => void write())
    },
    async close() {
      if (cancel === undefined) return writing
      cancel()
      await write()
    },
  }
}
