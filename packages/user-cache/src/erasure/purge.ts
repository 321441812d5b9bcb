/**
 * Deletes from the document what an erasure leaves no reason to keep. Each node derives these deletions itself,
 * from the `erased` fact; that all of them write the same ones does no harm, since to delete what is deleted
 * is nothing. So no node depends on another's deletions, and a late fact goes where it arrives.
 */
import type * as Y from 'yjs'

/** `transaction.origin` of the deletions. */
export const purgeOrigin: unique symbol = Symbol('@grapevine/user-cache: purge')

export interface Purge {
  /** To be deleted as soon as no transaction is running. */
  condemn(keys: readonly string[]): void
  /** Deletes at once what is condemned. Not from within a transaction. */
  run(): void
  close(): void
}

export const createPurge = (doc: Y.Doc, map: Y.Map<unknown>): Purge => {
  const condemned = new Set<string>()

  // Observers and the caller's own transaction are over by then, so this one is by itself, under its origin.
  const run = (): void => {
    if (condemned.size === 0) return
    const keys = [...condemned]
    condemned.clear()
    doc.transact(() => {
      for (const key of keys) map.delete(key)
    }, purgeOrigin)
  }

  doc.on('afterAllTransactions', run)
  return {
    condemn(keys) {
      for (const key of keys) condemned.add(key)
    },
    run,
    close: () => doc.off('afterAllTransactions', run),
  }
}
