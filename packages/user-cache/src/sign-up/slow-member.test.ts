import { sleep, systemClock } from '@grapevine/std'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { emptySet, hashOf } from '../testing/kit.ts'
import { createUserCache } from '../user-cache.ts'
import type { Peers } from './asking.ts'
import { encode } from './message.ts'
import { grantNames } from './name-grants.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const writeMs = 2_000

/** A member whose write waits for a slow one, and another that answers at once. */
const start = async (write: () => Promise<unknown>) => {
  const begun = performance.now()
  const asked: number[] = []
  const confirmation = encode({ kind: 'confirmed', rivals: [], granted: [], pending: [] })
  const peers: Peers = {
    self: { id: 'a' },
    members: () => ['a', 'b'].map((id) => ({ id, state: 'alive' })),
    reachable: () => ['b'],
    request: async () => {
      asked.push(performance.now() - begun)
      return confirmation
    },
    handle: async () => undefined,
    on: () => () => undefined,
  }
  const facts = emptySet()
  const users = createUserCache({ facts, nodeId: 'a' })
  const names = await grantNames({
    users,
    facts,
    peers,
    write: async (change) => {
      change()
      await write()
    },
    stored: async () => undefined,
    ready: Promise.resolve(),
    isReady: () => true,
  })
  let outcome: unknown
  names.register({ username: 'ada', passwordHash: hashOf('x') }).then(
    ({ username }) => (outcome = username),
    (error: unknown) => (outcome = error),
  )
  return { asked, users, outcome: () => outcome }
}

test('members are asked while the write still waits for others, so that nobody waits twice; granted is what is kept', async () => {
  const { asked, outcome } = await start(() => sleep(systemClock, writeMs))
  await vi.advanceTimersByTimeAsync(300)
  expect(asked).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(writeMs - 400)
  expect(outcome()).toBeUndefined()
  await vi.advanceTimersByTimeAsync(200)
  expect(outcome()).toBe('ada')
})

test('a write that fails late takes the claim back, whatever the members have said', async () => {
  let writes = 0
  const { asked, users, outcome } = await start(async () => {
    writes += 1
    if (writes > 1) return
    await sleep(systemClock, writeMs)
    throw new Error('the disk is full')
  })
  await vi.advanceTimersByTimeAsync(writeMs + 10_000)
  expect(asked.length).toBeGreaterThan(0)
  expect(outcome()).toEqual(new Error('the disk is full'))
  expect(writes).toBeGreaterThan(1)
  expect(users.signUps.unanswered()).toEqual([])
})
