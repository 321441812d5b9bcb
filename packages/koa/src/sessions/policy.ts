import type { Policy } from '@grapevine/replica'
import type { Periods } from './periods.ts'

export const endedRoot = 'ended'

/** A key that no other member writes, so that the same session may be ended on both sides of a split. */
const keyShape = /^(\d{1,8})\/([A-Za-z0-9_-]{16,64})\/([A-Za-z0-9_-]{8})$/

export const endedKey = (period: number, sessionId: string, tag: string): string =>
  `${period}/${sessionId}/${tag}`

export const sessionOf = (key: string): string | undefined => keyShape.exec(key)?.[2]

/**
 * Members may end sessions of this period, and those of later ones, which a clock that is ahead has issued; they do nothing
 * else to its document: no end is ever taken back.
 */
export const endedSessionsPolicy =
  (periods: Periods, period: number): Policy =>
  ({ entries, deletions, others }) => {
    if (deletions.length > 0 || others > 0)
      return { verdict: 'refuse', reason: 'the end of a session is never taken back' }
    const wellFormed = entries.every(
      ({ root, key, value }) =>
        root === endedRoot &&
        keyShape.exec(key)?.[1] === String(period) &&
        typeof value === 'number' &&
        Number.isSafeInteger(value) &&
        periods.of(value) >= period,
    )
    return wellFormed
      ? { verdict: 'accept' }
      : { verdict: 'refuse', reason: `not the end of a session of period ${period}` }
  }
