import { createVirtualClock } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import { createReadiness } from './readiness.ts'

const start = (reachable: readonly string[]) => {
  const [clock, late] = [createVirtualClock(), [] as string[]]
  const context = { bus: { reachable: () => reachable }, clock, window: 100, bound: 1_000 }
  const readiness = createReadiness({ ...context, late: (members) => void late.push(...members) })
  return { clock, late, readiness }
}

test('who reaches two is ready with the second that came to an end, however that was', () => {
  const { readiness } = start(['a', 'b'])
  readiness.completed('a')
  expect(readiness.isReady).toBe(false)
  readiness.failed('b')
  expect(readiness.isReady).toBe(true)
})

test('one that was completed and fails later does not count as failed, and one that links anew counts anew', () => {
  const { readiness } = start(['a', 'b'])
  readiness.completed('a')
  readiness.linked('a')
  readiness.failed('b')
  expect(readiness.isReady).toBe(false)
  readiness.completed('a')
  expect(readiness.isReady).toBe(true)
})

test('what comes after is never asked for: ready stays ready, and nothing is named late', async () => {
  const { clock, late, readiness } = start([])
  await clock.settle(100)
  expect(readiness.isReady).toBe(true)
  for (let member = 0; member < 10; member += 1) readiness.linked(`later-${member}`)
  readiness.failed('later-1')
  readiness.unlinked()
  await clock.settle(2_000)
  expect([readiness.isReady, late]).toEqual([true, []])
})
