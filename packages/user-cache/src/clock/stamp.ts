/**
 * When a fact was written: a hybrid logical time and the node, as text that sorts as the time does.
 *
 * `017f22e279b0-0001-9f86d081884c7d65`: 48 bits of milliseconds since 1970, a 16 bit counter, and 64 bits
 * of the SHA-256 of the node's id, in lower case hex. The width is fixed, so `<` on two stamps is the order.
 */
import { createHash } from 'node:crypto'

export type Stamp = string & { readonly stamp: unique symbol }

/** Physical part in ms since 1970, logical part as a counter (`l` and `c` in the paper). */
export interface HybridTime {
  readonly ms: number
  readonly counter: number
}

/**
 * The latest time that a stamp tells, ms since 1970: in the year 2109, far below what its digits can. A fact that is
 * stamped later was written by no clock, and is not read; a clock that is later than this stands still here.
 */
export const latestMs: number = 2 ** 42 - 1

const maxCounter = 2 ** 16 - 1
const stampPattern = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{16}$/

/** Whether the text is a stamp, and one that some clock can have written. */
export const isStamp = (value: unknown): value is Stamp =>
  typeof value === 'string' && stampPattern.test(value) && value.slice(0, 12) <= latestDigits

export const encodeStamp = ({ ms, counter }: HybridTime, tag: string): Stamp => {
  const stamp = `${hex(clampMs(ms), 12)}-${hex(counter, 4)}-${tag}`
  if (!isStamp(stamp)) throw new TypeError('The tag of a node has 16 hex digits, and a counter 16 bits.')
  return stamp
}

export const timeOf = (stamp: Stamp): HybridTime => ({
  ms: msOf(stamp),
  counter: Number.parseInt(stamp.slice(13, 17), 16),
})

export const msOf = (stamp: Stamp): number => Number.parseInt(stamp.slice(0, 12), 16)

/** The fixed-width mark of a node in its stamps: breaks ties between nodes, and names no host. */
export const nodeTag = (nodeId: string): string =>
  createHash('sha256').update(nodeId).digest('hex').slice(0, 16)

export const compareTimes = (a: HybridTime, b: HybridTime): number => a.ms - b.ms || a.counter - b.counter

/** The least time after the one given; a full counter carries into the milliseconds. The latest time has none. */
export const successor = (time: HybridTime): HybridTime => {
  if (time.counter < maxCounter) return { ms: time.ms, counter: time.counter + 1 }
  return time.ms < latestMs ? { ms: time.ms + 1, counter: 0 } : time
}

/** Whatever a wall clock says, as a time that a stamp can tell. */
export const clampMs = (ms: number): number => {
  if (Number.isNaN(ms)) return 0
  return Math.min(Math.max(Math.trunc(ms), 0), latestMs)
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')

const latestDigits = hex(latestMs, 12)
