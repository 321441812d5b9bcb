/** Random bytes of `node:crypto`, drawn many at once: a call costs as much for 16 bytes as for a thousand. */
import { randomFillSync } from 'node:crypto'
import type { RandomBytes } from './id.ts'

/** Bytes drawn at once. */
const poolBytes = 2_048

/** @returns bytes that are handed out once, and to one caller */
export const randomPool = (): RandomBytes => {
  let pool = new Uint8Array(0)
  let used = 0
  return (count) => {
    if (count > pool.length - used) {
      // A new one each time: the old one belongs to those who hold a part of it.
      pool = randomFillSync(new Uint8Array(Math.max(poolBytes, count)))
      used = 0
    }
    used += count
    return pool.subarray(used - count, used)
  }
}
