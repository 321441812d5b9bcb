import { crc32 } from 'node:zlib'

/** As one replica writes to another: version, checksum, payload. */
export const frame = (payload: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(crc32(payload), 1)
  return Uint8Array.from(Buffer.concat([head, payload]))
}
