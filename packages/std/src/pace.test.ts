import { expect, test } from 'vitest'
import { createPace, slowPaceMs } from './pace.ts'

const noon = Date.UTC(2026, 0, 1, 12)
const paceAt = (wall: { ms: number }, kept = 0) =>
  createPace({ now: () => wall.ms, perMinute: 3, perLife: 100, keptOf: () => kept })

test('so often within a minute, and then as often as tokens come; nobody else is slowed by it', () => {
  const wall = { ms: noon }
  const pace = paceAt(wall)
  expect([pace.take('ada'), pace.take('ada'), pace.take('ada')]).toEqual([0, 0, 0])
  expect(pace.allows('ada')).toBe(false)
  expect(pace.take('ada')).toBe(20_000)
  expect(pace.take('bob')).toBe(0)
  wall.ms += 20_000
  expect([pace.take('ada'), pace.take('ada')]).toEqual([0, 20_000])
  wall.ms += 3_600_000
  expect([1, 2, 3, 4].map(() => pace.take('ada'))).toEqual([0, 0, 0, 20_000])
})

test('of whom very much is kept goes slowly, and is never shut out', () => {
  const wall = { ms: noon }
  const pace = paceAt(wall, 100)
  expect([pace.take('ada'), pace.take('ada')]).toEqual([0, slowPaceMs])
  wall.ms += slowPaceMs
  expect(pace.take('ada')).toBe(0)
})

test('nobody is shut out by a clock that steps back', () => {
  const wall = { ms: noon }
  const pace = paceAt(wall)
  for (let count = 0; count < 3; count += 1) pace.take('ada')
  wall.ms -= 86_400_000
  expect(pace.take('ada')).toBe(20_000)
  wall.ms += 20_000
  expect(pace.take('ada')).toBe(0)
})
