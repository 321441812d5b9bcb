import { crc32 } from 'node:zlib'
import type { FileKind, Salt } from './names.ts'

/**
 * How each file begins. All numbers are big-endian.
 *
 * | bytes | |
 * |---|---|
 * | 8 | `89 47 52 41 50 45 0D 0A`: what kind of file this is; a copy made as text breaks it |
 * | 4 | the format, 1 |
 * | 4 | CRC-32 of the above. Files of any later format begin with these 16 bytes too |
 * | 1 | 1 a log, 2 a snapshot |
 * | 8 | generation |
 * | 8 | salt, drawn at random for each file |
 * | 8 | length of the whole file; 0 for a log, which grows |
 * | 2 | length of the owner in bytes, then the owner, UTF-8 |
 * | 4 | CRC-32 of all of the above |
 */
export interface Header {
  readonly kind: FileKind
  readonly generation: number
  readonly salt: Salt
  readonly owner: string
  readonly length: number
}

export const format = 1
export const mostOwnerBytes = 512

const magic = Buffer.from('\x89GRAPE\r\n', 'latin1')
const kinds = { log: 1, snapshot: 2 } as const
const preamble = 16
const fixed = 43
const checksum = 4

export const headerLength = (owner: string): number => fixed + Buffer.byteLength(owner) + checksum
export const mostHeaderBytes: number = fixed + mostOwnerBytes + checksum

export const encodeHeader = ({ kind, generation, salt, owner, length }: Header): Buffer => {
  const bytes = Buffer.alloc(headerLength(owner))
  magic.copy(bytes)
  bytes.writeUInt32BE(format, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 12)), 12)
  bytes.writeUInt8(kinds[kind], 16)
  bytes.writeBigUInt64BE(BigInt(generation), 17)
  bytes.set(salt, 25)
  bytes.writeBigUInt64BE(BigInt(length), 33)
  bytes.writeUInt16BE(Buffer.byteLength(owner), 41)
  bytes.write(owner, fixed)
  const end = bytes.length - checksum
  bytes.writeUInt32BE(crc32(bytes.subarray(0, end)), end)
  return bytes
}

export type ReadHeader =
  | { readonly is: 'whole'; readonly header: Header }
  | { readonly is: 'newer'; readonly format: number }
  | { readonly is: 'damaged' }

const isNotWhole: ReadHeader = { is: 'damaged' }

/** @param bytes - the beginning of a file: {@link mostHeaderBytes}, or all of it */
export const readHeader = (bytes: Buffer): ReadHeader => {
  if (bytes.length < preamble || !bytes.subarray(0, 8).equals(magic)) return isNotWhole
  if (bytes.readUInt32BE(12) !== crc32(bytes.subarray(0, 12))) return isNotWhole
  const found = bytes.readUInt32BE(8)
  if (found > format) return { is: 'newer', format: found }
  if (found < format || bytes.length < fixed) return isNotWhole
  const end = fixed + bytes.readUInt16BE(41)
  if (end + checksum > bytes.length || bytes.readUInt32BE(end) !== crc32(bytes.subarray(0, end)))
    return isNotWhole
  return {
    is: 'whole',
    header: {
      kind: bytes.readUInt8(16) === kinds.log ? 'log' : 'snapshot',
      generation: Number(bytes.readBigUInt64BE(17)),
      salt: bytes.subarray(25, 33),
      owner: bytes.toString('utf8', fixed, end),
      length: Number(bytes.readBigUInt64BE(33)),
    },
  }
}
