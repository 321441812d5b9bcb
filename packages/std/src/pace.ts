import { BoundedMap } from './bounded.ts'

/**
 * How often one person may do what is kept, so that nobody makes what is kept of them grow without end: a bucket of tokens
 * (J. Turner 1986) for each who did something lately, and a slow one once very much is kept. Nobody is shut out for good. Nothing of it is
 * shared: it bounds what this process writes.
 */
export interface Pace {
  /** Takes one. @returns how many milliseconds the next takes to come, and nothing was taken; 0 when it was */
  take(id: string): number
  /** Whether `take` would answer 0. */
  allows(id: string): boolean
}

export interface PaceOptions {
  /** Milliseconds since some moment. */
  readonly now: () => number
  /** How often within a minute. */
  readonly perMinute: number
  /** How much may be kept of one before they are slowed down to once in ten minutes. */
  readonly perLife: number
  /** How much is kept of one. */
  readonly keptOf: (id: string) => number
}

const minuteMs = 60_000

/** Between two, where more is kept than should be in a whole life, in milliseconds. */
export const slowPaceMs: number = 10 * minuteMs

/** Who did something lately. Beyond, the one who did so longest ago starts anew. */
const mostBuckets = 10_000

interface Bucket {
  readonly tokens: number
  readonly at: number
}

export const createPace = ({ now, perMinute, perLife, keptOf }: PaceOptions): Pace => {
  const buckets = new BoundedMap<string, Bucket>(mostBuckets)

  /** What is there now, and how long one more takes to come. */
  const bucketOf = (id: string): Bucket & { readonly refillMs: number } => {
    const isSlow = keptOf(id) >= perLife
    const [most, refillMs] = isSlow ? [1, slowPaceMs] : [perMinute, minuteMs / perMinute]
    const at = now()
    const before = buckets.get(id)
    // A clock that stepped back gives nothing, and takes nothing.
    const passed = before === undefined ? Infinity : Math.max(0, at - before.at)
    return { tokens: Math.min(most, (before?.tokens ?? 0) + passed / refillMs), at, refillMs }
  }
  return {
    allows: (id) => bucketOf(id).tokens >= 1,
    take: (id) => {
      const { tokens, at, refillMs } = bucketOf(id)
      buckets.set(id, { tokens: tokens < 1 ? tokens : tokens - 1, at })
      return tokens < 1 ? Math.ceil((1 - tokens) * refillMs) : 0
    },
  }
}
