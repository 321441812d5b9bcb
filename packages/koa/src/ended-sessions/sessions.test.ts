import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { pino } from 'pino'
import { folderDisk } from '../instance/disk.ts'
import { systemClock } from '@grapevine/std'
import { endedSessions, type EndedSessions } from './ended-sessions.ts'
import { keptPeriods, periodOpener, reserve } from './open-period.ts'
import { periods, slotOf } from './periods.ts'
import { endedFactOf, parseEndedFact } from './ended-fact.ts'
import type { Bus } from '@grapevine/replica'

const day = 24 * 60 * 60_000
const week = 7 * day
const life = periods(week)
const skew = 5 * 60_000
const signal = new AbortController().signal
const id = (number: number): string => `session-${String(number).padStart(14, '0')}`

const log = pino({ level: 'silent' })

/** Nobody else is there. A protocol can be handled once, as in a real network. */
const aloneBus = (): Bus => {
  const handled = new Set<string>()
  return {
    self: { id: 'me' },
    reachable: () => [],
    topic: () => ({ publish: async () => {}, subscribe: () => () => {} }),
    request: async () => Promise.reject(new Error('nobody is there')),
    handle: async (protocol) => {
      if (handled.has(protocol)) throw new Error(`${protocol} has a handler already`)
      handled.add(protocol)
      return () => void handled.delete(protocol)
    },
    on: () => () => {},
  }
}

const start = async (clock: { now: number }): Promise<{ sessions: EndedSessions; folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'ended-'))
  const sessions = await openIn(folder, clock)
  onTestFinished(async () => {
    await sessions.close()
    await rm(folder, { recursive: true })
  })
  return { sessions, folder }
}

const openIn = async (folder: string, clock: { now: number }): Promise<EndedSessions> => {
  const disk = folderDisk({ dataDir: folder, clusterName: 'test' }, log)
  const system = { disk, clock: systemClock, random: Math.random }
  const open = periodOpener({ bus: aloneBus(), log, erasuresOf: undefined, ...system })
  const onError = (error: unknown): never => {
    throw error
  }
  return endedSessions({
    periods: life,
    open,
    kept: await keptPeriods(disk),
    isTimeSettled: () => true,
    askOthers: async () => [],
    reserve: (period) => reserve(disk, period),
    now: () => clock.now,
    onError,
    randomBytes,
    clock: systemClock,
  })
}

test('a period is open from the first record that it can get until no clock needs it, and slots never collide', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      fc.integer({ min: 0, max: week }),
      fc.integer({ min: -skew, max: skew }),
      fc.integer({ min: -skew, max: skew }),
      (time, age, issuer, reader) => {
        const validUntil = Math.max(time + issuer - age + week, 0)
        const period = life.of(validUntil)
        // A node that believes the session has a record of its end to look into.
        const isBelieved = time + reader < validUntil
        expect(!isBelieved || life.live(time + reader).includes(period)).toBe(true)
        const open = life.live(time)
        expect(open.length).toBeLessThanOrEqual(3)
        expect(new Set(open.map(slotOf)).size).toBe(open.length)
      },
    ),
  )
})

test('what was ended stays ended until it would be over, and then nothing of it is left', async () => {
  const clock = { now: 100 * week + 3 * day }
  const { sessions, folder } = await start(clock)
  await sessions.end(id(1), { issuedAt: clock.now, validUntil: clock.now + week, signal })
  await sessions.end(id(2), { issuedAt: clock.now - 6 * day, validUntil: clock.now + day, signal })
  expect([sessions.isEnded(id(1)), sessions.isEnded(id(2)), sessions.isEnded(id(3))]).toEqual([
    true,
    true,
    false,
  ])
  for (let passed = 0; passed < 7; passed += 1) {
    expect(sessions.isEnded(id(1)), `after ${passed} days`).toBe(true)
    clock.now += day
    await sessions.roll()
  }
  clock.now += week
  await sessions.roll()
  expect([sessions.isEnded(id(1)), sessions.isEnded(id(2))]).toEqual([false, false])
  expect(await readdir(join(folder, 'sessions'))).toEqual(life.live(clock.now).map(String))
})

test('years of log-outs take no more room than two periods of them', async () => {
  const clock = { now: 100 * week }
  const { sessions, folder } = await start(clock)
  for (let passed = 0; passed < 12; passed += 1) {
    for (let index = 0; index < 20; index += 1) {
      await sessions.end(id(passed * 100 + index), {
        issuedAt: clock.now,
        validUntil: clock.now + week,
        signal,
      })
    }
    clock.now += week
    await sessions.roll()
  }
  expect((await readdir(join(folder, 'sessions'))).length).toBeLessThanOrEqual(3)
})

test('a node that was away for a month forgets what is over, and keeps what is not', async () => {
  const clock = { now: 200 * week + day }
  const folder = await mkdtemp(join(tmpdir(), 'ended-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const before = await openIn(folder, clock)
  await before.end(id(1), { issuedAt: clock.now, validUntil: clock.now + week, signal })
  await before.close()
  const again = await openIn(folder, clock)
  expect(again.isEnded(id(1))).toBe(true)
  await again.close()
  clock.now += 4 * week
  const later = await openIn(folder, clock)
  expect(later.isEnded(id(1))).toBe(false)
  expect(await readdir(join(folder, 'sessions'))).toEqual(life.live(clock.now).map(String))
  await later.close()
})

/** Issued when it says, by whatever clock, and over a week later. */
const endOf = (sessions: EndedSessions, number: number, issuedAt: number): Promise<void> =>
  sessions.end(id(number), { issuedAt, validUntil: issuedAt + week, signal })

test('K2: a start with the clock fifteen days ahead, then right again: what was ended is ended, or below the floor', async () => {
  const right = 300 * week + 2 * day
  const clock = { now: right }
  const folder = await mkdtemp(join(tmpdir(), 'ended-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const during = async (now: number, act: (sessions: EndedSessions) => unknown): Promise<void> => {
    clock.now = now
    const sessions = await openIn(folder, clock)
    await act(sessions)
    await sessions.close()
  }
  await during(right, (sessions) => endOf(sessions, 1, right - day))
  await during(right + 15 * day, () => undefined)
  await during(right, async (sessions) => {
    const floor = sessions.floor()
    expect(sessions.isEnded(id(1)) || right - day < floor).toBe(true)
    // A session that is issued now, at the floor, can be ended, and stays so.
    await endOf(sessions, 2, Math.max(right, floor))
    expect(sessions.isEnded(id(2))).toBe(true)
  })
  for (const now of [right + day, right - week, right]) {
    await during(now, (sessions) => {
      expect(sessions.isEnded(id(2))).toBe(true)
      expect(sessions.floor()).toBeGreaterThan(right - day)
    })
  }
})

test('a clock that steps ahead while running drops nothing that could come back', async () => {
  const right = 400 * week
  const clock = { now: right }
  const { sessions } = await start(clock)
  await endOf(sessions, 1, right - day)
  clock.now = right + 15 * day
  await sessions.roll()
  clock.now = right
  await sessions.roll()
  expect(sessions.isEnded(id(1)) || right - day < sessions.floor()).toBe(true)
})

test('K1: a session that a clock a year ahead has issued can be ended, and stays ended for the year', async () => {
  const clock = { now: 500 * week }
  const { sessions } = await start(clock)
  await endOf(sessions, 1, clock.now + 52 * week)
  for (let passed = 0; passed < 53; passed += 1) {
    expect(sessions.isEnded(id(1)), `after ${passed} weeks`).toBe(true)
    clock.now += week
    await sessions.roll()
  }
})

test('what is no end of a session is held, and ends nothing', () => {
  const ended = endedFactOf('ada', { session: id(1), until: 5 }, 'salt')
  expect(ended.mark === '.' && parseEndedFact(ended.text)).toEqual({ session: id(1), until: 5 })
  for (const text of [
    '',
    'null',
    '{"kind":"ended"}',
    '{"kind":"ended","session":1,"until":2}',
    '{"kind":"begun"}',
  ])
    expect(parseEndedFact(text)).toBe(undefined)
})
