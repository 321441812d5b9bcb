import { hash } from 'node:crypto'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { Clock } from '@grapevine/std'
import { breather } from '../../shared/event-loop.ts'
import { limits } from '../../limits.ts'

/** A live entry of a root map with a plain value, whoever wrote it under whichever id. */
export interface Entry {
  readonly root: string
  readonly key: string
  readonly value: unknown
  /** Who wrote it. */
  readonly client: number
  /** Of root, key and value alone. */
  readonly hash: Buffer
}

export const buckets = 1_024
export const hashLength = 16
const bucketHashLength = 8
/** Entries of one bucket that are told, and that are sent at once. */
const [mostHashes, mostEntries] = [16_384, 1_000]

export const bucketOf = (entry: Entry): number => entry.hash.readUInt16LE(0) % buckets

/** All live entries, in parts, so that the event loop gets its turn. */
export const liveEntries = async function* (doc: Y.Doc, clock: Clock): AsyncGenerator<readonly Entry[]> {
  const breathe = breather(clock, limits.turn)
  for (const [root, type] of doc.share) {
    let part: Entry[] = []
    // oxlint-disable-next-line no-underscore-dangle -- a root that nobody has asked for yet has no other way in
    for (const [key, item] of type._map) {
      if (item.deleted || !(item.content instanceof Y.ContentAny)) continue
      const value: unknown = item.content.arr[0]
      part.push({ root, key, value, client: item.id.client, hash: entryHash(root, key, value) })
      if (part.length < 256) continue
      yield part
      part = []
      await breathe()
    }
    yield part
  }
}

const entryHash = (root: string, key: string, value: unknown): Buffer => {
  const encoder = new Y.UpdateEncoderV1()
  encoder.writeString(root)
  encoder.writeString(key)
  encoder.writeAny(value)
  return hash('sha256', encoding.toUint8Array(encoder.restEncoder), 'buffer').subarray(0, hashLength)
}

/** For each bucket the sum of the hashes of its entries. */
export const bucketHashes = async (doc: Y.Doc, clock: Clock): Promise<Uint8Array> => {
  const sums = new Uint32Array((buckets * bucketHashLength) / 4)
  for await (const part of liveEntries(doc, clock)) {
    for (const entry of part) {
      const at = bucketOf(entry) * 2
      sums[at] = (sums[at] ?? 0) + entry.hash.readUInt32LE(2)
      sums[at + 1] = (sums[at + 1] ?? 0) + entry.hash.readUInt32LE(6)
    }
  }
  return new Uint8Array(sums.buffer)
}

/** The hashes of the entries of one bucket, one after the other. */
export const bucketEntries = async (doc: Y.Doc, bucket: number, clock: Clock): Promise<Uint8Array> => {
  const hashes: Buffer[] = []
  for await (const part of liveEntries(doc, clock))
    for (const entry of part)
      if (bucketOf(entry) === bucket && hashes.length < mostHashes) hashes.push(entry.hash)
  return Buffer.concat(hashes)
}

/** The entries of one bucket, as an update of nobody; as many as fit into one message. */
export const bucketUpdate = async (doc: Y.Doc, bucket: number, clock: Clock): Promise<Uint8Array> => {
  const carrier = new Y.Doc()
  let left = mostEntries
  for await (const part of liveEntries(doc, clock)) {
    for (const entry of part) {
      if (bucketOf(entry) !== bucket || left <= 0) continue
      carrier.getMap(entry.root).set(entry.key, entry.value)
      left -= 1
    }
  }
  return Y.encodeStateAsUpdate(carrier)
}

export const differingBuckets = (mine: Uint8Array, theirs: Uint8Array): number[] => {
  const differing: number[] = []
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const [from, to] = [bucket * bucketHashLength, (bucket + 1) * bucketHashLength]
    if (!Buffer.from(mine.subarray(from, to)).equals(theirs.subarray(from, to))) differing.push(bucket)
  }
  return differing
}
