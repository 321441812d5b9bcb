import { expect, test } from 'vitest'
import { createVirtualClock } from './virtual-clock.ts'
import { createWallClock } from './wall-clock.ts'

test('it goes with the virtual clock, and each machine may be wrong by as much as it likes', () => {
  const clock = createVirtualClock()
  const [right, wrong] = [createWallClock(clock), createWallClock(clock)]
  wrong.skewBy(-86_400_000)
  clock.advance(1_500)
  expect(right.now() - wrong.now()).toBe(86_400_000)
  expect(wrong.skew).toBe(-86_400_000)
})

test('it jumps, forward and back, while the virtual clock goes on evenly', () => {
  const clock = createVirtualClock()
  const wall = createWallClock(clock, 1_000)
  wall.skewBy(500)
  expect(wall.now()).toBe(1_500)
  clock.advance(100)
  wall.skewBy(-500)
  expect(wall.now()).toBe(600)
  expect(clock.now()).toBe(100)
})

test('it drifts from when it is told to, and keeps what it has gained', () => {
  const clock = createVirtualClock()
  const wall = createWallClock(clock, 0)
  clock.advance(1_000_000)
  wall.drift(100)
  clock.advance(1_000_000)
  expect(wall.now()).toBe(2_000_100)
  wall.drift(0)
  clock.advance(1_000_000)
  expect(wall.now()).toBe(3_000_100)
})
