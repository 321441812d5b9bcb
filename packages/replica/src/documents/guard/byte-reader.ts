import { RefusedUpdateError } from '../../errors.ts'

/** A place in the bytes of an update. What is read beyond them, or is no number, is refused. */
export interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

export const refusal = (reason: string): RefusedUpdateError => new RefusedUpdateError(reason)

export const text = (cursor: Cursor): Uint8Array => {
  const size = varUint(cursor)
  const from = cursor.at
  skip(cursor, size)
  return cursor.bytes.subarray(from, cursor.at)
}

export const byte = (cursor: Cursor): number => {
  const value = cursor.bytes[cursor.at]
  if (value === undefined) throw refusal('ends in the middle')
  cursor.at += 1
  return value
}

export const skip = (cursor: Cursor, count: number): void => {
  if (count > cursor.bytes.length - cursor.at) throw refusal('ends in the middle')
  cursor.at += count
}

export const varUint = (cursor: Cursor): number => {
  let [value, unit] = [0, 1]
  for (;;) {
    const next = byte(cursor)
    value += (next & 0x7f) * unit
    if (value > Number.MAX_SAFE_INTEGER) throw refusal('a number of more than 53 bits')
    if (next < 0x80) return value
    unit *= 128
    if (unit > 2 ** 56) throw refusal('a number of more than 53 bits')
  }
}

export const varInt = (cursor: Cursor): void => {
  for (let count = 0; byte(cursor) >= 0x80; count += 1)
    if (count > 8) throw refusal('a number of more than 53 bits')
}
