import { expect, test } from 'vitest'
import { suspicionTimeout } from './suspicion.ts'

const timings = { suspicionMin: 1_500, suspicionMax: 3_000 }

test.each([
  { members: 2, accusers: 1, timeout: 3_000, why: 'nobody else can confirm' },
  { members: 5, accusers: 1, timeout: 3_000, why: 'one accuser may be ill itself' },
  { members: 5, accusers: 2, timeout: 2_250, why: 'one confirmation of three' },
  { members: 5, accusers: 4, timeout: 1_500, why: 'three confirmations are enough' },
  { members: 3, accusers: 2, timeout: 1_500, why: 'everybody else has confirmed' },
  { members: 10, accusers: 1, timeout: 3_000, why: 'up to ten members count as ten' },
  { members: 100, accusers: 1, timeout: 6_000, why: 'gossip takes twice the rounds' },
  { members: 1_000, accusers: 4, timeout: 4_500, why: 'gossip takes three times the rounds' },
])('$members members, $accusers accusers: $timeout ms, for $why', ({ members, accusers, timeout }) => {
  expect(suspicionTimeout(members, accusers, timings)).toBeCloseTo(timeout)
})
