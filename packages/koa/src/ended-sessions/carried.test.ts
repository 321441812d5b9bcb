import { createFactSet } from '@grapevine/facts'
import { systemClock } from '@grapevine/std'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { endedSessions, type EndedSessionsParts } from './ended-sessions.ts'
import { parseEndedFact } from './ended-fact.ts'
import { parseEpochFact, type EpochFact } from './epoch-fact.ts'
import { periods } from './periods.ts'
import type { ToldFloor } from './floor-exchange.ts'
import type { OpenPeriod } from './open-period.ts'

const week = 7 * 24 * 60 * 60_000
const life = periods(week)
const start = 100 * week
const { signal } = new AbortController()

/** A disk of periods in memory: each can be kept from opening, or from taking writes. */
const memory = () => {
  const disk = new Map<number, ReturnType<typeof periodInMemory>>()
  const state = { refusesToOpen: false, refusesWrites: false }
  const open = async (period: number): Promise<OpenPeriod> => {
    if (state.refusesToOpen) throw new Error('the disk is full')
    const made = disk.get(period) ?? periodInMemory(state, () => disk.delete(period))
    disk.set(period, made)
    return made
  }
  return { disk, state, open }
}

const periodInMemory = (state: { refusesWrites: boolean }, remove: () => void): OpenPeriod => {
  const set = createFactSet({ doc: new Y.Doc(), root: 'ended' })
  const ids = new Set<string>()
  const epochs: EpochFact[] = []
  set.onChange(({ added }) => {
    for (const fact of added) {
      if (fact.mark !== '.') continue
      ids.add(parseEndedFact(fact.text)?.session ?? '')
      epochs.push(...[parseEpochFact(fact.text) ?? []].flat())
    }
  })
  const write = async (change: () => unknown): Promise<never> => {
    if (state.refusesWrites) throw Object.assign(new Error('no'), { code: 'STORAGE_UNAVAILABLE' })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody looks at what a write tells here
    return { value: change(), acknowledgement: { members: [] } } as never
  }
  const status = (): never => ({ ready: true, storage: 'keeping' }) as never
  return {
    ids,
    epochs,
    set,
    replica: { write, status },
    close: async () => {},
    drop: async () => remove(),
  }
}

const openWith = async (
  clock: { now: number },
  { open }: Pick<ReturnType<typeof memory>, 'open'>,
  given: Partial<EndedSessionsParts> = {},
) => {
  const sessions = await endedSessions({
    periods: life,
    open,
    kept: [],
    isTimeSettled: () => true,
    askOthers: async () => [],
    reserve: async () => undefined,
    now: () => clock.now,
    clock: systemClock,
    randomBytes,
    onError: () => undefined,
    ...given,
  })
  onTestFinished(() => sessions.close())
  return sessions
}

test('an ended session stays ended when the period that is to take its record does not open, and once it does', async () => {
  const clock = { now: start + week / 2 }
  const { state, open } = memory()
  const sessions = await openWith(clock, { open })
  await sessions.end('session-1', { issuedAt: clock.now, validUntil: clock.now + 40 * week, signal })
  state.refusesToOpen = true
  clock.now += 5 * week
  await expect(sessions.roll()).rejects.toThrow('the disk is full')
  expect(sessions.isEnded('session-1')).toBe(true)
  state.refusesToOpen = false
  await sessions.roll()
  expect(sessions.isEnded('session-1')).toBe(true)
  expect(sessions.openPeriods().some(({ ids }) => ids.has('session-1'))).toBe(true)
})

test('where a period stays it has the records before the others go, so that a crash loses none', async () => {
  const clock = { now: start + week / 2 }
  const { state, disk, open } = memory()
  const sessions = await openWith(clock, { open })
  await sessions.end('session-1', { issuedAt: clock.now, validUntil: clock.now + 40 * week, signal })
  state.refusesWrites = true
  clock.now += week
  await sessions.roll().catch(() => undefined)
  // Not carried: the period that has it is not gone.
  expect([...disk.values()].some(({ ids }) => ids.has('session-1'))).toBe(true)
  state.refusesWrites = false
  await sessions.roll()
  expect([...disk.values()].some(({ ids }) => ids.has('session-1'))).toBe(true)
})

test('a floor that a member lies about is left again by ending all sessions', async () => {
  const clock = { now: start }
  const told: ToldFloor[] = [{ epoch: undefined, epochs: [], oldest: 7_000 }]
  const sessions = await openWith(clock, memory(), { askOthers: async () => told })
  await sessions.roll()
  // It is followed: whoever was cut off with a clock that was years ahead tells the same, and means it.
  expect(sessions.floor()).toBeGreaterThan(clock.now)
  await sessions.bumpEpoch()
  expect(sessions.floor()).toBeLessThanOrEqual(clock.now)
})
