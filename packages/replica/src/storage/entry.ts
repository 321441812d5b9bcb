import { crc32 } from 'node:zlib'

const checksumLength = 4

/** An update as it is stored: CRC-32, then the update. Yjs takes one in eleven updates with a flipped bit as good. */
export const sealEntry = (update: Uint8Array): Buffer => {
  const entry = Buffer.allocUnsafe(checksumLength + update.length)
  entry.writeUInt32BE(crc32(update), 0)
  entry.set(update, checksumLength)
  return entry
}

/** @returns undefined if it was changed since it was sealed */
export const openEntry = (entry: Uint8Array): Uint8Array | undefined => {
  if (entry.length < checksumLength) return undefined
  const update = entry.subarray(checksumLength)
  const head = Buffer.from(entry.buffer, entry.byteOffset, checksumLength)
  return head.readUInt32BE(0) === crc32(update) ? update : undefined
}

/** Keys sort by what they are of, then by number. */
export interface Keys {
  readonly meta: Buffer
  readonly state: Buffer
  /** An entry of the log. */
  entry(number: number): Buffer
  /** An entry of the snapshot of a generation. */
  snapshot(generation: number, number: number): Buffer
  /** A damaged entry, set aside: when, and which it was. */
  damaged(time: number, key: Uint8Array): Buffer
  /** The number at the end of a key. */
  number(key: Uint8Array): number
}

export const keys: Keys = {
  meta: Buffer.from('meta'),
  state: Buffer.from('state'),
  entry: (number) => numbered('e', number),
  snapshot: (generation, number) => Buffer.concat([numbered('s', generation), numbered('', number)]),
  damaged: (time, key) => Buffer.concat([numbered('d', time), key]),
  number: (key) => {
    const { buffer, byteOffset, byteLength } = key
    return Number(Buffer.from(buffer, byteOffset, byteLength).readBigUInt64BE(byteLength - 8))
  },
}

const numbered = (prefix: string, number: number): Buffer => {
  const key = Buffer.alloc(prefix.length + 8)
  key.write(prefix, 'latin1')
  key.writeBigUInt64BE(BigInt(number), prefix.length)
  return key
}
