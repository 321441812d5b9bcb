import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults.ts'
import { playFaults } from './play.ts'
import { describeAction, scheduleFaults, type FaultKind, type ScheduleOptions } from './schedule.ts'

const KINDS: readonly FaultKind[] = [
  'partition',
  'bridge',
  'ring',
  'isolate',
  'pause',
  'kill',
  'cutOneWay',
  'flap',
  'lose',
  'slow',
  'skewClock',
  'corrupt',
  'fillDisk',
  'failDisk',
]

const options: fc.Arbitrary<ScheduleOptions> = fc.record({
  seed: fc.nat(2 ** 32 - 1),
  nodes: fc
    .integer({ min: 2, max: 7 })
    .map((count) => Array.from({ length: count }, (_, index) => `n${index}`)),
  kinds: fc.subarray([...KINDS], { minLength: 1 }),
  durationMs: fc.integer({ min: 1, max: 300_000 }),
})

describe('a schedule of faults', () => {
  test('is the same for the same seed, in order of time, and healed after each fault and at its end', () => {
    fc.assert(
      fc.property(options, (given) => {
        const schedule = scheduleFaults(given)
        expect(scheduleFaults(given)).toEqual(schedule)
        const times = schedule.map(({ atMs }) => atMs)
        expect(times.toSorted((a, b) => a - b)).toEqual(times)
        expect(Math.max(0, ...times)).toBeLessThanOrEqual(given.durationMs)
        for (const [index, { action }] of schedule.entries())
          expect(action.kind === 'heal').toBe(index % 2 === 1)
        expect(schedule.length % 2).toBe(0)
      }),
    )
  })

  test('names only its own nodes, and the two sides of a partition are never empty', () => {
    fc.assert(
      fc.property(options, (given) => {
        for (const { action } of scheduleFaults(given)) {
          const groups = 'groups' in action ? action.groups : []
          for (const group of groups) expect(group.length).toBeGreaterThan(0)
          for (const name of groups.flat()) expect(given.nodes).toContain(name)
          expect('from' in action && action.from === action.to).toBe(false)
        }
      }),
    )
  })

  test('other seeds make other schedules', () => {
    const make = (seed: number): string =>
      JSON.stringify(scheduleFaults({ seed, nodes: ['a', 'b', 'c'], kinds: KINDS, durationMs: 60_000 }))
    expect(make(1)).not.toBe(make(2))
  })

  test.each([
    [{ seed: -1 }, 'seed: got -1'],
    [{ nodes: ['a'] }, 'two names and more'],
    [{ kinds: [] }, 'one and more'],
  ])('%o is refused', (wrong, message) => {
    const given = { seed: 1, nodes: ['a', 'b'], kinds: KINDS, durationMs: 1_000 }
    expect(() => scheduleFaults({ ...given, ...wrong })).toThrow(message)
  })
})

test('each fault is done at its time, and the cluster is healed also when one fails', async () => {
  let time = 0
  const clock: Clock = { now: () => time, sleep: async (ms) => void (time += ms) }
  const done: string[] = []
  const cluster = new Proxy({} as Faults, {
    get: (_target, word) => async () => {
      done.push(`${time} ${String(word)}`)
      if (word === 'kill') throw new Error('no such process')
    },
  })
  const played = playFaults(
    cluster,
    [
      { atMs: 10, action: { kind: 'isolate', node: 'a' } },
      { atMs: 20, action: { kind: 'kill', node: 'a' } },
      { atMs: 30, action: { kind: 'ring' } },
    ],
    { clock },
  )
  await expect(played).rejects.toThrow('no such process')
  expect(done).toEqual(['10 isolate', '20 kill', '20 heal'])
})

test('an action is described in its words', () => {
  expect(describeAction({ kind: 'partition', groups: [['a', 'b'], ['c']] })).toBe('partition [a,b] [c]')
  expect(describeAction({ kind: 'flap', downMs: 5, upMs: 6 })).toBe('flap 5 6')
})
