import { BoundedMap } from '@grapevine/std'
import type { Session } from './session.ts'

export interface SessionLifetimes {
  readonly absoluteLifeMs: number
  readonly idleLifeMs: number
  readonly clockSkewMs: number
  /** Milliseconds since some moment; it never goes back, nor does it jump when a clock is set. */
  readonly monotonic: () => number
}

/** Whether a session is alive at this time. */
export type IsLive = (session: Session, now: number) => boolean

/** When a session whose cookie bears a time of the future was seen here, in milliseconds that no setting of a clock changes. */
interface Sighting {
  readonly first: number
  readonly last: number
}

/** Sessions of the future that are remembered; the one that was not seen for longest makes room. */
const maxSightings = 50_000

/**
 * Whether neither life of a session has run out. Each node says so by its own clock; what another clock wrote into the cookie
 * is believed as far as it lies in the past, or ahead by no more than the skew. Beyond that the session was issued, or seen,
 * by a clock that was wrong, or is judged by one that is: it is neither refused for that nor ageless, but aged from its
 * first sight here. Times in a cookie are never set back for it: a node whose clock is wrong must not spoil what others judge.
 */
export const sessionLifetimes = (config: SessionLifetimes): IsLive => {
  const { absoluteLifeMs, idleLifeMs, clockSkewMs, monotonic } = config
  const sightings = new BoundedMap<string, Sighting>(maxSightings)

  return (session, now) => {
    const { id, issuedAt, seenAt = issuedAt } = session
    const isAhead = Math.max(issuedAt, seenAt) > now + clockSkewMs
    const known = sightings.get(id)
    if (!isAhead && known === undefined) return now - issuedAt < absoluteLifeMs && now - seenAt < idleLifeMs
    const elapsed = monotonic()
    const { first, last } = known ?? { first: elapsed, last: elapsed }
    const age = Math.max(now - issuedAt, elapsed - first)
    const idle = seenAt > now + clockSkewMs ? elapsed - last : now - seenAt
    if (age >= absoluteLifeMs || idle >= idleLifeMs) return false
    sightings.set(id, { first, last: elapsed })
    return true
  }
}
