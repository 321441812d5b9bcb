/**
 * When a fact was written: a hybrid logical time and the node, as text that sorts as the time does.
 *
 * `017f22e279b0-0001-9f86d081884c7d65`: 48 bits of milliseconds since 1970, a 16 bit counter, and 64 bits
 * of the SHA-256 of the node's id, in lower case hex. The width is fixed, so `<` on two stamps is the order.
 */
import { createHash } from 'node:crypto'
import { ClockOutOfRangeError } from '../errors.ts'

export type Stamp = string & { readonly stamp: unique symbol }

/** Physical part in ms since 1970, logical part as a counter (`l` and `c` in the paper). */
export interface HybridTime {
  readonly ms: number
  readonly counter: number
}

const maxMs = 2 ** 48 - 1
const maxCounter = 2 ** 16 - 1
const stampPattern = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{16}$/

export const isStamp = (value: unknown): value is Stamp =>
  typeof value === 'string' && stampPattern.test(value)

export const encodeStamp = (time: HybridTime, tag: string): Stamp => {
  const stamp = `${hex(checkMs(time.ms), 12)}-${hex(time.counter, 4)}-${tag}`
  if (!isStamp(stamp)) throw new ClockOutOfRangeError('The parts do not make a stamp. Nothing was written.')
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

/** The least time after the one given; a full counter carries into the milliseconds. */
export const successor = (time: HybridTime): HybridTime => {
  if (time.counter < maxCounter) return { ms: time.ms, counter: time.counter + 1 }
  return { ms: time.ms + 1, counter: 0 }
}

/** @throws {ClockOutOfRangeError} `CLOCK_OUT_OF_RANGE` */
export const checkMs = (ms: number): number => {
  if (Number.isFinite(ms) && ms >= 0 && ms <= maxMs) return Math.trunc(ms)
  throw new ClockOutOfRangeError(`A stamp holds 0 to ${maxMs} ms since 1970, not ${ms}. Nothing was written.`)
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')
