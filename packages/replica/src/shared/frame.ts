import { crc32 } from 'node:zlib'
import { limits } from '../limits.ts'
import { RefusedUpdateError } from '../errors.ts'

const version = 1
const headLength = 5

/**
 * A message as it travels: version, CRC-32, payload. One in eleven updates with a flipped bit is still an update;
 * a changed byte between two members must not become content.
 */
export const sealFrame = (payload: Uint8Array): Uint8Array => {
  const frame = Buffer.allocUnsafe(headLength + payload.length)
  frame.writeUInt8(version, 0)
  frame.writeUInt32BE(crc32(payload), 1)
  frame.set(payload, headLength)
  return frame
}

/** A member of a version to come may send one; what it says cannot be known here. */
export const isOfOtherVersion = (frame: Uint8Array): boolean =>
  frame.length > 0 && frame.length <= limits.message && frame[0] !== version

/** @throws RefusedUpdateError for a frame of another version, over the bound, or that was changed on its way */
export const openFrame = (frame: Uint8Array): Uint8Array => {
  if (frame.length > limits.message)
    throw new RefusedUpdateError(`message of ${frame.length} bytes; allowed: up to ${limits.message}`)
  const head = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  if (frame.length < headLength || head.readUInt8(0) !== version)
    throw new RefusedUpdateError('not a message of this version of the replica protocol')
  const payload = frame.subarray(headLength)
  if (crc32(payload) !== head.readUInt32BE(1))
    throw new RefusedUpdateError('the checksum of a message does not match; it was changed on its way')
  return payload
}
