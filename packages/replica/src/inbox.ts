import * as Y from 'yjs'
import { RefusedUpdateError } from './errors.ts'
import { judge, type Policy } from './guard.ts'
import type { Journal } from './journal.ts'
import type { Log } from './log.ts'

/** Takes in foreign updates: judged, then applied, then on disk. */
export interface Inbox {
  /**
   * Resolves when the update is applied and on disk.
   *
   * @param from - the member that sent it, if known
   * @throws RefusedUpdateError: nothing changed
   */
  take(update: Uint8Array, from?: string): Promise<void>
  /** Whether something was applied whose predecessors are missing. */
  hasGap(): boolean
}

export interface InboxContext {
  readonly doc: Y.Doc
  readonly journal: Journal
  readonly policy: Policy | undefined
  readonly traffic: { refused: number; bytesIn: number }
  readonly log: Log
  readonly origin: symbol
}

export const createInbox = ({ doc, journal, policy, traffic, log, origin }: InboxContext): Inbox => ({
  take: async (update, from) => {
    traffic.bytesIn += update.length
    try {
      judge(doc, update, policy)
    } catch (error) {
      if (error instanceof RefusedUpdateError) {
        traffic.refused += 1
        log.warn({ peer: from, reason: error.message }, 'a foreign update was refused')
      }
      throw error
    }
    const changed = apply(doc, update, origin)
    await (changed ? journal.save(update) : journal.settled())
  },
  hasGap: () => doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
})

/** Whether the update brought anything that was not there: most updates arrive more than once. */
const apply = (doc: Y.Doc, update: Uint8Array, origin: symbol): boolean => {
  let changed = false
  const onUpdate = (): void => {
    changed = true
  }
  const pending = doc.store.pendingStructs
  doc.on('update', onUpdate)
  try {
    Y.applyUpdate(doc, update, origin)
  } finally {
    doc.off('update', onUpdate)
  }
  return changed || doc.store.pendingStructs !== pending
}
