import type { Clock } from '@grapevine/std'

/** What one machine believes that the time is: its `Date.now`. Timers and monotonic time go by another clock, as on real machines. */
export interface WallClock {
  /** Whole milliseconds since 1970. */
  now(): number
  /** How far it is ahead of the right time, in milliseconds; behind if negative. */
  readonly skew: number
  /** It jumps to so many milliseconds ahead of the right time, or behind: set by hand, or by NTP. */
  skewBy(ms: number): void
  /** From now on it gains so many parts in a million, or loses; a bad quartz 100. */
  drift(partsPerMillion: number): void
}

/** The first second of 2026. */
const start = 1_767_225_600_000

/** @param startAt - the right time when the virtual clock is at 0, in milliseconds since 1970 */
export const createWallClock = (clock: Pick<Clock, 'now'>, startAt: number = start): WallClock => {
  let base = 0
  let rate = 0
  let since = clock.now()
  const skew = (): number => base + ((clock.now() - since) * rate) / 1_000_000
  return {
    now: () => Math.floor(startAt + clock.now() + skew()),
    get skew() {
      return skew()
    },
    skewBy: (ms) => {
      base = ms
      since = clock.now()
    },
    drift: (partsPerMillion) => {
      base = skew()
      since = clock.now()
      rate = partsPerMillion
    },
  }
}
