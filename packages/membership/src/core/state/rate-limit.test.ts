import { expect, test } from 'vitest'
import { fullBucket, hasToken, takeToken } from './rate-limit.ts'

const rate = { size: 3, every: 1_000 }

test('a burst, then one each interval, and no more than a burst after a pause', () => {
  const bucket = fullBucket(rate, 0)
  const takeAll = (now: number): number => {
    let taken = 0
    for (; hasToken(bucket, rate, now); taken += 1) takeToken(bucket)
    return taken
  }
  expect([0, 500, 1_000, 2_500, 60_000].map(takeAll)).toEqual([3, 0, 1, 1, 3])
})
