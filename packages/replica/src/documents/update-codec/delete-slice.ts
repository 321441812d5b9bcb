import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { limits } from '../../limits.ts'

/** Where a walk over all deletes has come to: authors in descending order, each from a clock on. */
export interface DeletesPosition {
  readonly client: number
  readonly clock: number
}

export interface DeletesSlice {
  readonly update: Uint8Array
  /** Where to go on; undefined after the last slice. */
  readonly next: DeletesPosition | undefined
}

type Ranges = { clock: number; len: number }[]

/** The next part of all deletes of a document, as a V1 update; bounded in what is looked at and in what is sent. */
export const nextDeletes = (doc: Y.Doc, from: DeletesPosition | undefined, budget: number): DeletesSlice => {
  const deletes = new Map<number, Ranges>()
  const left = { structs: limits.deletesScan, ranges: Math.ceil(budget / 8) }
  const clients = [...doc.store.clients.keys()].sort((a, b) => b - a)
  for (const client of clients) {
    if (from !== undefined && client > from.client) continue
    const start = client === from?.client ? from.clock : 0
    const stopped = collect(doc, client, start, left, deletes)
    if (stopped !== undefined) return { update: encodeDeletes(deletes), next: { client, clock: stopped } }
  }
  return { update: encodeDeletes(deletes), next: undefined }
}

/** @returns at which clock the budget ended, if it did */
const collect = (
  doc: Y.Doc,
  client: number,
  start: number,
  left: { structs: number; ranges: number },
  deletes: Map<number, Ranges>,
): number | undefined => {
  const structs = doc.store.clients.get(client) ?? []
  if (start >= Y.getState(doc.store, client)) return undefined
  const ranges: Ranges = []
  let stopped: number | undefined
  for (let index = Y.findIndexSS(structs, start); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct === undefined) break
    if (left.structs <= 0 || left.ranges <= 0) {
      stopped = struct.id.clock
      break
    }
    left.structs -= 1
    if (struct.deleted && extend(ranges, struct)) left.ranges -= 1
  }
  if (ranges.length > 0) deletes.set(client, ranges)
  return stopped
}

/** @returns whether a new range was begun */
const extend = (ranges: Ranges, { id, length }: Y.Item | Y.GC): boolean => {
  const last = ranges.at(-1)
  if (last !== undefined && last.clock + last.len === id.clock) {
    last.len += length
    return false
  }
  ranges.push({ clock: id.clock, len: length })
  return true
}

const encodeDeletes = (deletes: ReadonlyMap<number, Ranges>): Uint8Array => {
  const encoder = encoding.createEncoder()
  // No structs.
  encoding.writeVarUint(encoder, 0)
  writeDeletes(encoder, deletes)
  return encoding.toUint8Array(encoder)
}

/** The end of an update. */
export const writeDeletes = (
  encoder: encoding.Encoder,
  deletes: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>,
): void => {
  encoding.writeVarUint(encoder, deletes.size)
  for (const [client, ranges] of deletes) {
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarUint(encoder, len)
    }
  }
}
