import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sessionLifetimes, type IsLive } from './session-lifetimes.ts'
import { newSession, type Session } from './session.ts'

const lives = { absoluteLifeMs: 1000, idleLifeMs: 100, clockSkewMs: 10, monotonic: (): number => elapsed }
let elapsed = 0

/** Time that passes on a clock that is not set meanwhile. */
const at = (isLive: IsLive, session: Session, now: number): boolean => {
  elapsed = now
  return isLive(session, now)
}
const session: Session = newSession({ issuedAt: 5000, userId: 'u1' }, randomBytes)
const year = 365 * 24 * 60 * 60_000

describe('a session is alive', () => {
  test.each<[string, Partial<Session>, number, boolean]>([
    ['at once', {}, 5000, true],
    ['just before idling out', {}, 5099, true],
    ['idled out', {}, 5100, false],
    ['seen in between', { seenAt: 5090 }, 5100, true],
    ['seen to the last, just before the absolute end', { seenAt: 5990 }, 5999, true],
    ['seen to the last, at the absolute end', { seenAt: 5999 }, 6000, false],
    ['issued by a clock within the skew', {}, 4990, true],
    ['issued by a clock that is a year ahead', { issuedAt: 5000 + year }, 5000, true],
    ['judged by a clock that is a year behind', {}, 0, true],
    ['seen last by a clock that is a year ahead', { seenAt: 5000 + year }, 5050, true],
    ['seen last by a clock that is a year ahead, at the absolute end', { seenAt: 5000 + year }, 6000, false],
  ])('or not: %s', (_when, change, now, live) => {
    expect(at(sessionLifetimes(lives), { ...session, ...change }, now)).toBe(live)
  })
})

describe('a session of the future is aged from its first sight', () => {
  const future = { ...session, issuedAt: 5000 + year }

  test('and is over after the absolute life, however busy', () => {
    const isLive = sessionLifetimes(lives)
    for (let now = 5000; now < 6000; now += 50) expect(at(isLive, future, now)).toBe(true)
    expect(at(isLive, future, 6000)).toBe(false)
    expect(at(isLive, future, 6001)).toBe(false)
  })

  test('and is over without a request for the idle life, also when it is asked for twice', () => {
    const isLive = sessionLifetimes(lives)
    expect([at(isLive, future, 5000), at(isLive, future, 5100), at(isLive, future, 5101)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('a copy of its cookie is aged with it', () => {
    const isLive = sessionLifetimes(lives)
    at(isLive, future, 5000)
    for (let now = 5050; now < 6000; now += 50) at(isLive, { ...future, seenAt: now }, now)
    expect(at(isLive, { ...future }, 6000)).toBe(false)
  })

  test('by each node for itself', () => {
    const [one, two] = [sessionLifetimes(lives), sessionLifetimes(lives)]
    at(one, future, 5000)
    expect([at(one, future, 6000), at(two, future, 6000)]).toEqual([false, true])
  })

  test('which goes on counting when its time has come, or the clock is set right', () => {
    const near = { ...session, issuedAt: 5500 }
    const isLive = sessionLifetimes(lives)
    for (let now = 5000; now < 6000; now += 50) expect(at(isLive, { ...near, seenAt: now }, now)).toBe(true)
    expect(at(isLive, { ...near, seenAt: 5999 }, 6000)).toBe(false)

    const behind = sessionLifetimes(lives)
    elapsed = 0
    expect(behind(session, 100)).toBe(true)
    elapsed = 10
    expect(behind(session, 5010)).toBe(true)
  })
})
