import { RefusedUpdateError } from '../../errors.ts'

/** A place in the bytes of an update. What is read beyond them, or is no number, is refused. */
export interface ByteReader {
  readonly bytes: Uint8Array
  at: number
}

export const refusal = (reason: string): RefusedUpdateError => new RefusedUpdateError(reason)

export const text = (reader: ByteReader): Uint8Array => {
  const size = varUint(reader)
  const from = reader.at
  skip(reader, size)
  return reader.bytes.subarray(from, reader.at)
}

export const byte = (reader: ByteReader): number => {
  const value = reader.bytes[reader.at]
  if (value === undefined) throw refusal('ends in the middle')
  reader.at += 1
  return value
}

export const skip = (reader: ByteReader, count: number): void => {
  if (count > reader.bytes.length - reader.at) throw refusal('ends in the middle')
  reader.at += count
}

export const varUint = (reader: ByteReader): number => {
  let [value, unit] = [0, 1]
  for (;;) {
    const next = byte(reader)
    value += (next & 0x7f) * unit
    if (value > Number.MAX_SAFE_INTEGER) throw refusal('a number of more than 53 bits')
    if (next < 0x80) return value
    unit *= 128
    if (unit > 2 ** 56) throw refusal('a number of more than 53 bits')
  }
}

export const varInt = (reader: ByteReader): void => {
  for (let count = 0; byte(reader) >= 0x80; count += 1)
    if (count > 8) throw refusal('a number of more than 53 bits')
}
