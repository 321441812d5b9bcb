import { simulateAsync } from '@grapevine/simulation'
import { describe, expect, test } from 'vitest'
import { lies } from '../testing/liar/lies/index.ts'
import { createWorld, leave, liarName, lie, start, write } from '../testing/liar/world.ts'
import type { FactsReplica } from './replicate-facts.ts'
import type { FactsStatus } from './status.ts'
import type { Lie } from '../testing/liar/lie.ts'
import type { Message } from '../testing/virtual-bus.ts'

/** Each lie alone, told for ten seconds to three honest members that write meanwhile, by one that was honest before. */
const honestly: Lie = { name: 'tells the truth' }

const told = (each: Lie): Promise<readonly FactsStatus[]> =>
  simulateAsync<Message, readonly FactsStatus[]>({ seed: 1 }, async (simulation) => {
    const { clock } = simulation
    const world = createWorld(simulation)
    const writeAll = (): void => {
      for (const [name, node] of world.honest) write(world, name, node)
    }
    for (const [name, node] of world.honest) start(world, name, node)
    await lie(world, honestly)
    await clock.settle(2_000)
    writeAll()
    await clock.settle(2_000)
    for (let second = 0; second < 10; second += 1) {
      writeAll()
      if (second % 3 === 0) await lie(world, each)
      await clock.settle(1_000)
    }
    // A newcomer, while the liar lies.
    const [[name, node] = []] = world.honest
    if (name === undefined || node === undefined) throw new Error('unreachable')
    node.running?.host.crash()
    start(world, name, node)
    await clock.settle(1_000)
    await lie(world, each)
    await clock.settle(64_000)
    const running = [...world.honest.values()].flatMap(({ running: now }) => now?.replica ?? [])
    const replicas: readonly FactsReplica[] = await Promise.all(running)
    const statuses = replicas.map((replica) => replica.status())
    expect(world.wrong).toEqual([])
    leave(world)
    const closed = Promise.all(replicas.map((replica) => replica.close()))
    await clock.settle(5_000)
    await closed
    return statuses
  })

const checkEqual = (statuses: readonly FactsStatus[]): void => {
  expect(new Set(statuses.map(({ digest }) => digest)).size).toBe(1)
  for (const { ready, failed, diverged, cutOff } of statuses) {
    const named = [...failed.map(({ member }) => member), ...diverged, ...cutOff]
    expect([ready, named.filter((member) => member !== liarName)]).toEqual([true, []])
  }
}

describe('one that', () => {
  const isMalformed = (each: Lie): boolean => each.isMalformed === true

  test.each(lies.filter((each) => !isMalformed(each)))(
    '$name keeps the others from nothing',
    { timeout: 60_000 },
    async (each) => {
      const statuses = await told(each)
      checkEqual(statuses)
      expect(statuses.map(({ refused, cutOff }) => [refused, cutOff])).toEqual(statuses.map(() => [0, []]))
    },
  )

  test.each(lies.filter(isMalformed))(
    '$name is refused, and keeps the others from nothing',
    { timeout: 60_000 },
    async (each) => {
      const statuses = await told(each)
      checkEqual(statuses)
      expect(Math.min(...statuses.map(({ refused }) => refused))).toBeGreaterThan(0)
    },
  )

  test('speaks of what does not exist yet is counted, and not held to account', async () => {
    const toCome = lies.find(({ name }) => name === 'speaks of what does not exist yet')
    if (toCome === undefined) throw new Error('unreachable')
    for (const { unknown, failed, cutOff, refused } of await told(toCome)) {
      expect(unknown).toBeGreaterThan(0)
      expect([failed, cutOff, refused]).toEqual([[], [], 0])
    }
  })
})
