import { expect, test } from 'vitest'
import { randomPool } from './random-pool.ts'

test('no two callers get the same bytes, and nobody’s change afterwards', () => {
  const random = randomPool()
  const drawn = Array.from({ length: 1_000 }, () => random(16))
  const seen = drawn.map((bytes) => Buffer.from(bytes).toString('hex'))
  expect(new Set(seen).size).toBe(1_000)
  expect(drawn.every(({ length }) => length === 16)).toBe(true)
  expect(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(seen)
})

test('more than the pool holds is drawn as well', () => {
  const random = randomPool()
  expect(random(5_000)).toHaveLength(5_000)
  expect(random(16)).toHaveLength(16)
})
