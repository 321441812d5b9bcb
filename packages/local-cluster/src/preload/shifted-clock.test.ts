import { expect, test } from 'vitest'
import { installShiftedClock } from './shifted-clock.ts'

test('every way to ask for the time is shifted, and nothing else is', () => {
  // A constructor of its own: the test's own time stays right.
  class OwnDate extends Date {}
  Object.defineProperty(OwnDate, 'now', { value: () => 1_000_000, configurable: true })
  const scope = { Date: OwnDate as unknown as DateConstructor }
  const clock = installShiftedClock(scope)
  clock.shift(86_400_000)
  expect(scope.Date.now()).toBe(87_400_000)
  expect(new scope.Date().getTime()).toBe(87_400_000)
  expect(scope.Date()).toContain('Jan 02 1970')
  expect(new scope.Date(5).getTime()).toBe(5)
  expect(new scope.Date()).toBeInstanceOf(OwnDate)
  expect(scope.Date.UTC(1970, 0)).toBe(0)
  clock.shift(0)
  expect(scope.Date.now()).toBe(1_000_000)
})
