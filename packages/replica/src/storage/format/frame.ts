import { crc32 } from 'node:zlib'
import type { Header } from './header.ts'

/**
 * A record as it lies in a file: marker, length, check of these two, CRC-32, then the record; four bytes each.
 *
 * Marker and checks differ from file to file: they come from its salt. So what a record holds can never be taken for a
 * frame, whatever its author wrote into it, nor can a frame of another file, another generation or another owner.
 */
export interface FrameCode {
  readonly marker: Buffer
  /** Each check begins with it. */
  readonly seed: number
}

export const frameOverhead = 16

/** Far above what a document writes at once. No length that a file tells is believed beyond the end of that file. */
export const mostRecordBytes = 1_073_741_824

/** Of what a file is about; its length may not be known yet. */
export const frameCode = ({ kind, generation, salt, owner }: Omit<Header, 'length'>): FrameCode => ({
  marker: Buffer.from(salt.subarray(0, 4)),
  seed: crc32(Buffer.from(JSON.stringify([kind, generation, Buffer.from(salt).toString('hex'), owner]))),
})

/** Writes a frame. @returns where it ends */
export const writeFrame = (code: FrameCode, record: Uint8Array, into: Buffer, at: number): number => {
  code.marker.copy(into, at)
  into.writeUInt32BE(record.length, at + 4)
  const check = crc32(into.subarray(at + 4, at + 8), code.seed)
  into.writeUInt32BE(check, at + 8)
  into.writeUInt32BE(crc32(record, check), at + 12)
  into.set(record, at + frameOverhead)
  return at + frameOverhead + record.length
}

/** The length that a frame's head tells. @returns undefined if there is no whole head here */
export const recordLength = (code: FrameCode, bytes: Buffer, at: number): number | undefined => {
  if (code.marker.compare(bytes, at, at + 4) !== 0) return undefined
  const length = bytes.readUInt32BE(at + 4)
  const isWhole = crc32(bytes.subarray(at + 4, at + 8), code.seed) === bytes.readUInt32BE(at + 8)
  return isWhole && length <= mostRecordBytes ? length : undefined
}

/** The record of a frame whose head is whole. @returns undefined if it was changed */
export const openRecord = (bytes: Buffer, at: number, length: number): Uint8Array | undefined => {
  const record = bytes.subarray(at + frameOverhead, at + frameOverhead + length)
  return crc32(record, bytes.readUInt32BE(at + 8)) === bytes.readUInt32BE(at + 12) ? record : undefined
}

/** Frames of many records, in pieces of about so many bytes. */
export const framed = function* (
  code: FrameCode,
  records: readonly Uint8Array[],
  piece: number,
): Generator<Buffer> {
  for (let first = 0; first < records.length;) {
    let [last, size] = [first, 0]
    for (; last < records.length && (last === first || size < piece); last += 1)
      size += frameOverhead + (records[last]?.length ?? 0)
    const bytes = Buffer.allocUnsafeSlow(size)
    let at = 0
    for (const record of records.slice(first, last)) at = writeFrame(code, record, bytes, at)
    yield bytes
    first = last
  }
}
