/**
 * A hybrid logical clock: S. Kulkarni et al., "Logical Physical Clocks", OPODIS 2014, section 3.
 *
 * A stamp is never before anything this node has written, nor before anything it has witnessed within the bound, and stays
 * near the wall clock. The paper asks for bounded clock error (section 4): a stamp more than `maxDriftMs` ahead of the wall
 * clock is never followed. Nothing is lost by that: facts name what they supersede, and stamps decide only between facts
 * that did not know of each other.
 *
 * A receipt is not itself stamped here, so witnessing takes the maximum and leaves the increment to `next`.
 */
import { clampMs, compareTimes, encodeStamp, nodeTag, successor, timeOf } from './stamp.ts'
import type { HybridTime, Stamp } from './stamp.ts'

export interface Clock {
  /** A stamp greater than every one given out before and every one followed, but for the very latest there is. Never throws. */
  next(): Stamp
  /** Takes note of a stamp from elsewhere. */
  witness(stamp: Stamp): Witnessed
}

/** `tooFarAhead`: the stamp is beyond the bound and this clock did not follow it. */
export type Witnessed = 'followed' | 'tooFarAhead'

export interface ClockOptions {
  readonly nodeId: string
  readonly now: () => number
  readonly maxDriftMs: number
}

export const start: HybridTime = { ms: 0, counter: 0 }

/** The time of a local event. */
export const advance = (time: HybridTime, nowMs: number): HybridTime =>
  nowMs > time.ms ? { ms: nowMs, counter: 0 } : successor(time)

/** The time after having seen `remote`, or the same object when `remote` is too far ahead to be followed. */
export const follow = (
  time: HybridTime,
  remote: HybridTime,
  nowMs: number,
  maxDriftMs: number,
): HybridTime => {
  if (remote.ms > nowMs + maxDriftMs) return time
  return compareTimes(remote, time) > 0 ? remote : time
}

export const createClock = ({ nodeId, now, maxDriftMs }: ClockOptions): Clock => {
  const tag = nodeTag(nodeId)
  let time = start
  /** The greatest stamp that was followed. Most that come with a load are before it, and tell nothing. */
  let followed = ''

  return {
    witness: (stamp) => {
      if (stamp <= followed) return 'followed'
      const remote = timeOf(stamp)
      time = follow(time, remote, clampMs(now()), maxDriftMs)
      if (compareTimes(remote, time) > 0) return 'tooFarAhead'
      followed = stamp
      return 'followed'
    },
    next: () => {
      time = advance(time, clampMs(now()))
      return encodeStamp(time, tag)
    },
  }
}
