import * as Y from 'yjs'
import { clockHash, mix, placeHash, unitHash } from './unit-hash.ts'

/**
 * A digest of a document's content, kept up to date at the cost of what changes. It sums (as in AdHash;
 * Bellare, Micciancio 1997) a hash of every live unit of content: its id, its place, its value; and one of each
 * author's clock. What is neither live nor beyond the clock is deleted, so deletes are covered without being
 * visited. The sum does not depend on order, on how units are stored, or on which garbage was collected; so equal
 * digests mean equal content. State vectors cannot promise that: they ignore deletes, and a client id used twice.
 *
 * It detects accidents; it is no proof against a member that searches for collisions.
 */
export interface ContentDigest {
  /** 64 hexadecimal digits: the first half of the state vector alone, the other of the content. */
  value(): string
  close(): void
}

type Struct = Y.Item | Y.GC | Y.Skip
/** Of as many numbers of 32 bits as a hash has. */
type Sum = Uint32Array

const lanes = 4

/** Scans what the document holds already at once; then follows its transactions. */
export const contentDigest = (doc: Y.Doc): ContentDigest => {
  const vector = new Uint32Array(lanes)
  const content = new Uint32Array(lanes)
  for (const [client, structs] of doc.store.clients) {
    addClock(vector, client, Y.getState(doc.store, client), 1)
    for (const struct of structs) addUnits(content, struct, struct.id.clock, Infinity, 1)
  }
  const onTransaction = (transaction: Y.Transaction): void => {
    addInserted(vector, content, transaction)
    removeDeleted(content, transaction)
  }
  doc.on('afterTransaction', onTransaction)
  return {
    value: () => hex(vector) + hex(content),
    close: () => doc.off('afterTransaction', onTransaction),
  }
}

/** Whether two digests are of equal state vectors, whatever the content. */
export const sameVector = (one: string, other: string): boolean =>
  one.slice(0, lanes * 8) === other.slice(0, lanes * 8)

const hex = (sum: Sum): string => Buffer.from(sum.buffer, sum.byteOffset, sum.byteLength).toString('hex')

const addInserted = (vector: Sum, content: Sum, { afterState, beforeState, doc }: Y.Transaction): void => {
  for (const [client, after] of afterState) {
    const before = beforeState.get(client) ?? 0
    if (after <= before) continue
    addClock(vector, client, before, -1)
    addClock(vector, client, after, 1)
    for (const struct of structsFrom(doc, client, before)) addUnits(content, struct, before, Infinity, 1)
  }
}

/** Units that were there before, and live; their content is collected only after this event. */
const removeDeleted = (content: Sum, { deleteSet, beforeState, doc }: Y.Transaction): void => {
  for (const [client, ranges] of deleteSet.clients) {
    const known = beforeState.get(client) ?? 0
    for (const { clock, len } of ranges) {
      const end = Math.min(clock + len, known)
      if (clock >= end) continue
      for (const struct of structsFrom(doc, client, clock)) {
        if (struct.id.clock >= end) break
        addUnits(content, struct, clock, end, -1)
      }
    }
  }
}

const structsFrom = function* (doc: Y.Doc, client: number, clock: number): Generator<Struct> {
  const structs = doc.store.clients.get(client) ?? []
  if (structs.length === 0) return
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct !== undefined) yield struct
  }
}

const addClock = (vector: Sum, client: number, clock: number, sign: 1 | -1): void => {
  if (clock > 0) accumulate(vector, clockHash(client, clock), sign)
}

/** Adds the units of a struct within [from, to): all live ones when inserting, all when removing. */
const addUnits = (sum: Sum, struct: Struct, from: number, to: number, sign: 1 | -1): void => {
  if (!(struct instanceof Y.Item) || (sign === 1 && struct.deleted)) return
  const { id, content } = struct
  if (content instanceof Y.ContentDeleted) return
  const start = Math.max(id.clock, from)
  const end = Math.min(id.clock + struct.length, to)
  if (content instanceof Y.ContentString) return addCharacters(sum, struct, content.str, start, end, sign)
  for (let clock = start; clock < end; clock += 1) accumulate(sum, unitHash(struct, clock), sign)
}

/** A character is too small for a hash of its own: its place is hashed once, then mixed. */
const addCharacters = (
  sum: Sum,
  item: Y.Item,
  text: string,
  start: number,
  end: number,
  sign: 1 | -1,
): void => {
  const seeds = placeHash(item)
  for (let lane = 0; lane < lanes; lane += 1) {
    const seed = seeds[lane] ?? 0
    let total = 0
    for (let clock = start; clock < end; clock += 1) {
      const code = text.charCodeAt(clock - item.id.clock)
      total = (total + mix(mix(seed ^ code) + clock)) | 0
    }
    sum[lane] = (sum[lane] ?? 0) + sign * total
  }
}

const accumulate = (sum: Sum, digest: Int32Array, sign: 1 | -1): void => {
  for (let lane = 0; lane < lanes; lane += 1) sum[lane] = (sum[lane] ?? 0) + sign * (digest[lane] ?? 0)
}
