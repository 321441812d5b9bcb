import { BoundedMap } from '@grapevine/std'
import { TooManyChangesError } from '../errors.ts'

/**
 * How fast one account may change, so that nobody makes a fact of their own account grow without end: a bucket of tokens
 * (J. Turner 1986) for each account that changed lately. Nothing of it is shared: it bounds what this node writes.
 */
export interface Pace {
  /** @throws {TooManyChangesError} `TOO_MANY_CHANGES` */
  take(id: string): void
  /** Whether `take` would not throw. */
  allows(id: string): boolean
}

export interface PaceContext {
  readonly now: () => number
  readonly changesPerMinute: number
  readonly changesPerLife: number
  /** Facts that are held of an account. */
  readonly factsOf: (id: string) => number
}

const minuteMs = 60_000

/** Between two changes of an account that has changed more than it should in all its life. */
export const slowMs: number = 10 * minuteMs

/** Accounts that changed lately. Beyond, the one that did so longest ago starts anew. */
const mostBuckets = 10_000

interface Bucket {
  readonly tokens: number
  readonly at: number
}

export const createPace = ({ now, changesPerMinute, changesPerLife, factsOf }: PaceContext): Pace => {
  const buckets = new BoundedMap<string, Bucket>(mostBuckets)

  /** What is there now, and how long one more takes to come. */
  const bucketOf = (id: string): Bucket & { readonly refillMs: number } => {
    const isSlow = factsOf(id) >= changesPerLife
    const [most, refillMs] = isSlow ? [1, slowMs] : [changesPerMinute, minuteMs / changesPerMinute]
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
      if (tokens < 1) throw new TooManyChangesError(Math.ceil((1 - tokens) * refillMs))
    },
  }
}
