import { crc32 } from 'node:zlib'
import { readVarUint, varBytes, type Bytes } from './bytes.ts'

/** As one replica writes to another: version, checksum, payload. */
export const frame = (payload: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(crc32(payload), 1)
  return Uint8Array.from(Buffer.concat([head, payload]))
}

const requestFrame = (type: number, ...fields: readonly Bytes[]): Uint8Array =>
  frame(Uint8Array.from([type, ...fields.flat()]))

/** Take this over. */
export const storeRequest = (update: Uint8Array): Uint8Array => requestFrame(0, varBytes(update))

/** Nothing is given: it only asks what there is. */
export const giveNothing: Uint8Array = requestFrame(4, [0], varBytes(Uint8Array.of(0, 0)))

/** The state vector in the answer to a gift: of each client, how much of it is there. */
export const vectorOfAnswer = (answer: Uint8Array): ReadonlyMap<number, number> => {
  const vector = new Map<number, number>()
  let at = 6
  const read = (): number => {
    const { value, next } = readVarUint(answer, at)
    at = next
    return value
  }
  for (let left = read(); left > 0; left--) vector.set(read(), read())
  return vector
}
