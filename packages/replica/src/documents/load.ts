import * as Y from 'yjs'
import { type Clock, type Log, reasonOf } from '@grapevine/std'
import { breather } from '../shared/event-loop.ts'
import { limits } from '../limits.ts'
import { UpdateDecoder } from './update-codec/decoder.ts'
import type { Storage } from '../storage/storage.ts'

/**
 * Applies all that the disk holds, several updates in one transaction, with pauses for the event loop.
 *
 * @returns updates that build on something that is damaged: they are kept until a member fills the gap
 */
export const loadDocument = async (
  doc: Y.Doc,
  storage: Storage,
  { clock, log, origin }: { readonly clock: Clock; readonly log: Log; readonly origin: symbol },
): Promise<Uint8Array[]> => {
  const held: Uint8Array[] = []
  const breathe = breather(clock, limits.turn)
  let batch: Uint8Array[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    doc.transact(() => {
      for (const update of batch) if (!applyWhole(doc, update, origin, log)) held.push(update)
    }, origin)
    batch = []
    size = 0
    await breathe()
  }
  for await (const update of storage.load()) {
    batch.push(update)
    size += update.length
    if (size >= limits.slice) await flush()
  }
  await flush()
  retryHeld(doc, held, { log, origin })
  return held
}

/**
 * Applies what waited for others that have come since: an update that was owed for a while lies behind those that build on it.
 * Those that still wait stay.
 */
export const retryHeld = (
  doc: Y.Doc,
  held: Uint8Array[],
  { log, origin }: { readonly log: Log; readonly origin: symbol },
): void => {
  for (let before = Infinity; held.length > 0 && held.length < before;) {
    before = held.length
    const waiting = held.splice(0)
    held.push(...waiting.filter((update) => !applyWhole(doc, update, origin, log)))
  }
}

/** Applies an update of one's own disk. @returns false if something that it builds on is missing */
export const applyWhole = (doc: Y.Doc, update: Uint8Array, origin: symbol, log: Log): boolean => {
  try {
    Y.applyUpdateV2(doc, update, origin, UpdateDecoder)
  } catch (error) {
    log.error({ reason: reasonOf(error) }, 'an entry of the log cannot be applied')
    return false
  }
  if (doc.store.pendingStructs === null && doc.store.pendingDs === null) return true
  // Yjs keeps what waits in one lump that it merges anew with each update: a few thousand cost minutes.
  doc.store.pendingStructs = null
  doc.store.pendingDs = null
  return false
}
