import { expect, test } from 'vitest'
import { suspicionTimeout } from './suspicion.ts'

const timings = { suspicionMin: 1_500, suspicionMax: 3_000, fullMesh: 32 }

test.each([
  { members: 2, accusers: 1, witnesses: 0, suspects: 1, timeout: 2_250, why: 'nobody else can confirm' },
  {
    members: 5,
    accusers: 1,
    witnesses: 0,
    suspects: 4,
    timeout: 1_800,
    why: 'who could confirm is silent as well',
  },
  {
    members: 5,
    accusers: 1,
    witnesses: 3,
    suspects: 1,
    timeout: 3_000,
    why: 'one accuser may be ill itself',
  },
  { members: 5, accusers: 2, witnesses: 3, suspects: 1, timeout: 2_250, why: 'one confirmation of three' },
  {
    members: 5,
    accusers: 4,
    witnesses: 3,
    suspects: 1,
    timeout: 1_500,
    why: 'three confirmations are enough',
  },
  {
    members: 3,
    accusers: 2,
    witnesses: 1,
    suspects: 1,
    timeout: 2_000,
    why: 'everybody else has confirmed, who is one',
  },
  {
    members: 32,
    accusers: 1,
    witnesses: 30,
    suspects: 1,
    timeout: 3_000,
    why: 'up to a full mesh all hear at once',
  },
  {
    members: 320,
    accusers: 1,
    witnesses: 30,
    suspects: 1,
    timeout: 6_000,
    why: 'gossip takes twice the rounds',
  },
  {
    members: 320,
    accusers: 4,
    witnesses: 30,
    suspects: 1,
    timeout: 3_000,
    why: 'that holds for the confirmed as well',
  },
])(
  '$members members, $accusers accusers, $witnesses witnesses: $timeout ms, for $why',
  ({ timeout, ...suspicion }) => {
    expect(suspicionTimeout(suspicion, timings)).toBeCloseTo(timeout)
  },
)
