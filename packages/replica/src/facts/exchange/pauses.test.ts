import { expect, test } from 'vitest'
import { createPauses } from './pauses.ts'

/** Timers of Node.js go off up to a millisecond before the clock says so. */
const earlyClock = () => {
  let now = 0
  const timers: { readonly at: number; readonly task: () => void }[] = []
  return {
    now: () => now,
    after: (ms: number, task: () => void) => {
      const timer = { at: now + ms, task }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
    pass: (ms: number) => {
      now += ms
      for (const due of timers.filter(({ at }) => at - 1 <= now)) {
        timers.splice(timers.indexOf(due), 1)
        due.task()
      }
    },
  }
}

test('the next exchange begins when the timer goes off, although the clock is not there yet', () => {
  const clock = earlyClock()
  const pauses = createPauses(clock)
  const begun: boolean[] = []
  expect(pauses.begin('b', () => void begun.push(!pauses.isPaused('b')))).toBe(1)
  clock.pass(100)
  expect(pauses.isPaused('b')).toBe(true)
  clock.pass(149.5)
  expect(begun).toEqual([true])
})

test('each pause is longer than the one before, until an exchange was completed', () => {
  const clock = earlyClock()
  const pauses = createPauses(clock)
  let over = 0
  const next = (): void => void (over += 1)
  expect([pauses.begin('b', next), pauses.begin('b', next), pauses.begin('b', next)]).toEqual([1, 2, 3])
  clock.pass(999 - 1)
  expect(over).toBe(0)
  clock.pass(2)
  expect(over).toBe(1)
  pauses.end('b')
  expect(pauses.isPaused('b')).toBe(false)
  expect(pauses.begin('b', next)).toBe(1)
  pauses.close()
  clock.pass(60_000)
  expect(over).toBe(1)
})
