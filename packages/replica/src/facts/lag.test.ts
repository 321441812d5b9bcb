import { createVirtualClock } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import { limits } from '../limits.ts'
import { createLag } from './lag.ts'

test('a member is behind until it has caught up, and its writes are counted', () => {
  const clock = createVirtualClock()
  const lag = createLag(clock)
  lag.missed('a')
  lag.missed('a')
  lag.missed('b')
  expect(lag.all()).toEqual([
    { member: 'a', writes: 2, for: 0 },
    { member: 'b', writes: 1, for: 0 },
  ])
  lag.caughtUp('a')
  expect(lag.all().map(({ member }) => member)).toEqual(['b'])
})

test('however many members come and go, so many are remembered, the newest', () => {
  const lag = createLag(createVirtualClock())
  for (let member = 0; member < limits.records + 5; member += 1) lag.missed(`member-${member}`)
  expect(lag.all()).toHaveLength(limits.records)
  expect(lag.all().at(-1)?.member).toBe(`member-${limits.records + 4}`)
})
