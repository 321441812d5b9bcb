/**
 * When ended sessions may be forgotten. Time is cut into periods as long as a session can live. The record of an ended
 * session goes to the period in which the session would be over in any case; when that period is past, on every clock
 * of the cluster, all of its records are dropped with the document that holds them.
 */
export interface Periods {
  /** The period to which a session belongs that is over at this time, in ms since 1970. */
  of(validUntil: number): number
  /** Those whose records may matter at this time, oldest first: two, and three for a moment; none before `oldest`. */
  live(now: number, oldest?: number): readonly number[]
  /** Sessions that were issued before have no record of their end any more, once this period is the oldest that is kept. */
  floorOf(oldest: number): number
}

/** How far clocks of one cluster may be apart, twice. */
const margin = 10 * 60_000

/** Names that the documents of all times share: one is taken up again long after its former period was dropped. */
export const slotNames = ['sessions-0', 'sessions-1', 'sessions-2'] as const

export const slotOf = (period: number): string => `sessions-${period % slotNames.length}`

/** @param length how long a session can live, in ms; at least eight times the margin */
export const periods = (length: number): Periods => {
  if (!(length >= 8 * margin)) throw new RangeError(`a period of ${length} ms; allowed: from ${8 * margin}`)
  const of = (validUntil: number): number => Math.floor(validUntil / length)
  return {
    of,
    live: (now, oldest = 0) => {
      const first = Math.max(of(now - margin), oldest)
      // A clock that was ahead may have dropped what this one would keep: from there it goes on, never back.
      const last = Math.max(of(now + length + margin), first + 1)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    },
    floorOf: (oldest) => Math.max(0, (oldest - 1) * length),
  }
}
