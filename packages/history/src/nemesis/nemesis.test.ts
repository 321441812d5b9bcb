import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidOptionError, type Clock } from '@grapevine/std'
import type { FaultTarget } from './fault-target.ts'
import { describeAction, type FaultAction, type FaultKind } from './action.ts'
import { drawAction, faultKinds } from './draw-action.ts'
import { NemesisError } from './nemesis-error.ts'
import { playFaults } from './play.ts'
import type { PlayedFault } from './played-fault.ts'
import { scheduleFaults, type ScheduledFault, type ScheduleOptions } from './schedule.ts'

const allKinds = faultKinds

const nodeNames = fc
  .integer({ min: 2, max: 7 })
  .map((count) => Array.from({ length: count }, (_, index) => `n${index}`))

/** Of two nodes and three, what does nothing to so few is not asked for. */
const fitting = (count: number): FaultKind[] =>
  allKinds.filter((kind) => !(kind === 'ring' && count < 4) && !(kind === 'bridge' && count < 3))

const options: fc.Arbitrary<ScheduleOptions> = nodeNames.chain((nodes) =>
  fc.record({
    seed: fc.nat(2 ** 32 - 1),
    nodes: fc.constant(nodes),
    kinds: fc.subarray(fitting(nodes.length), { minLength: 1 }),
    durationMs: fc.integer({ min: 1, max: 300_000 }),
  }),
)

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
          expect('a' in action && action.a === action.b).toBe(false)
        }
      }),
    )
  })

  test('other seeds make other schedules', () => {
    const make = (seed: number): string =>
      JSON.stringify(
        scheduleFaults({ seed, nodes: ['a', 'b', 'c', 'd'], kinds: allKinds, durationMs: 60_000 }),
      )
    expect(make(1)).not.toBe(make(2))
  })

  test('a fault that is drawn is of the kind that was asked for', () => {
    expect(allKinds).toHaveLength(17)
    for (const kind of allKinds) expect(drawAction(kind, ['a', 'b', 'c'], Math.random).kind).toBe(kind)
  })

  test('seeds in old reports mean what they meant', () => {
    const kinds: readonly FaultKind[] = ['partition', 'kill', 'flap', 'skewClock']
    const schedule = scheduleFaults({ seed: 16, nodes: ['a', 'b', 'c'], kinds, durationMs: 30_000 })
    expect(schedule.map(({ atMs, action }) => `${atMs} ${describeAction(action)}`)).toMatchInlineSnapshot(`
      [
        "2079 partition [c] [b,a]",
        "11583 heal",
        "13366 partition [c] [b,a]",
        "18708 heal",
        "20656 skewClock a by -203023 ms",
        "28264 heal",
        "29560 flap 1660 ms down, 1636 ms up",
        "30000 heal",
      ]
    `)
  })

  test.each<[Partial<ScheduleOptions>, string]>([
    [{ seed: -1 }, 'seed is -1'],
    [{ nodes: ['a'] }, 'nodes is a list of 1 entry; allowed: a list of 2 to 64'],
    [{ nodes: ['a', 'b', 'a'] }, 'nodes is a list of 3 entries; allowed: each name once'],
    [{ kinds: [] }, 'kinds is a list of 0 entries'],
    // As a program in JavaScript may ask for.
    [{ kinds: ['kill', 'heal' as FaultKind] }, 'kinds[1] is "heal"; allowed: "partition", "bridge"'],
    [{ kinds: ['toString' as FaultKind] }, 'kinds[0] is "toString"'],
    [JSON.parse('{ "kind": ["kill"] }'), 'kind is unknown; allowed: seed, nodes, kinds'],
    [
      { nodes: ['a', 'b'], kinds: ['cut', 'bridge'] },
      'kinds is "bridge"; allowed: what does something to 2 nodes: it takes 3',
    ],
    [{ nodes: ['a', 'b', 'c'], kinds: ['ring'] }, 'kinds is "ring"; allowed: what does something to 3 nodes'],
    [{ durationMs: 0 }, 'durationMs is 0'],
    [{ holdMs: [-2_000, -1_000] }, 'holdMs[0] is -2000; allowed: a whole number from 100'],
    [{ holdMs: [500, 400] }, 'holdMs is [500, 400]; allowed: the least, then the same or more'],
    [{ calmMs: [-50, 10] }, 'calmMs[0] is -50; allowed: a whole number from 0'],
    [{ calmMs: [0, 1.5] }, 'calmMs[1] is 1.5'],
  ])('%o is refused', (wrong, message) => {
    const given = { seed: 1, nodes: ['a', 'b', 'c', 'd'], kinds: allKinds, durationMs: 1_000 }
    expect(() => scheduleFaults({ ...given, ...wrong })).toThrow(message)
    expect(() => scheduleFaults({ ...given, ...wrong })).toThrow(InvalidOptionError)
  })
})

/** A cluster that only notes what is done to it, and when; what is named in `failing` fails, what in `slow` takes so long. */
const stage = (
  failing: Readonly<Record<string, string>> = {},
  slow: Readonly<Record<string, number>> = {},
) => {
  let time = 0
  const over = new AbortController()
  const clock: Clock = {
    now: () => time,
    after: (ms, task) => {
      time += ms
      queueMicrotask(task)
      return () => undefined
    },
  }
  const done: string[] = []
  const cluster = new Proxy({} as FaultTarget, {
    get:
      (_target, word) =>
      async (...given: unknown[]) => {
        done.push([time, word, ...given.map((each) => JSON.stringify(each))].join(' '))
        const why = failing[String(word)]
        if (why !== undefined) throw new Error(why)
        time += slow[String(word)] ?? 0
      },
  })
  return { cluster, clock, done, over }
}

const at = (atMs: number, action: FaultAction): ScheduledFault => ({ atMs, action })
const kindsOf = (played: readonly PlayedFault[]): string[] => played.map(({ action }) => action.kind)
const failureOf = async (promise: Promise<unknown>): Promise<NemesisError> =>
  await promise.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => (error instanceof NemesisError ? error : expect.unreachable(String(error))),
  )

describe('playing a schedule', () => {
  test('each fault is done at its time, and all is healed at the end', async () => {
    const { cluster, clock, done } = stage()
    const schedule = [
      at(10, { kind: 'cut', a: 'a', b: 'b' }),
      at(20, { kind: 'delay', delayMs: 50 }),
      at(30, { kind: 'flapNode', node: 'c', downMs: 300, upMs: 400 }),
    ]
    const heard: string[] = []
    const onFault = ({ action }: PlayedFault): void => void heard.push(action.kind)
    const played = await playFaults(cluster, schedule, { clock, onFault })
    expect(done).toEqual([
      '10 cut "a" "b"',
      '20 slow {"delayMs":50}',
      '30 flap {"downMs":300,"upMs":400,"on":"c"}',
      '30 heal',
    ])
    expect(heard).toEqual(['cut', 'delay', 'flapNode'])
    expect(kindsOf(played)).toEqual(['cut', 'delay', 'flapNode', 'heal'])
  })

  test('a heal that takes its time takes none from the faults after it', async () => {
    const { cluster, clock, done } = stage({}, { heal: 4_000, cut: 100 })
    const schedule = [
      at(500, { kind: 'ring' }),
      at(2_000, { kind: 'heal' }),
      at(2_500, { kind: 'cut', a: 'a', b: 'b' }),
      at(4_500, { kind: 'heal' }),
    ]
    const played = await playFaults(cluster, schedule, { clock })
    // Calm for 500 ms, and cut for 2 s from when it was in force.
    expect(done.slice(0, 4)).toEqual(['500 ring', '2000 heal', '6500 cut "a" "b"', '8600 heal'])
    expect(played.map(({ from, inForce }) => inForce - from)).toEqual([0, 4_000, 100, 4_000])
  })

  test('each kind can be played, and a schedule that ends healed is played as it is', async () => {
    const { cluster, clock, done } = stage()
    const options = { seed: 1, nodes: ['a', 'b', 'c', 'd'], kinds: allKinds, durationMs: 3_600_000 }
    const schedule = scheduleFaults(options)
    expect(new Set(schedule.map(({ action }) => action.kind)).size).toBe(allKinds.length + 1)
    const played = await playFaults(cluster, schedule, { clock })
    expect(played.map(({ action }) => action)).toEqual(schedule.map(({ action }) => action))
    expect(done).toHaveLength(schedule.length + 1)
  })

  test('a fault that fails ends it, with why, and with what was played until the heal', async () => {
    const { cluster, clock, done } = stage({ kill: 'no such process' })
    const schedule = [
      at(10, { kind: 'isolate', node: 'a' }),
      at(20, { kind: 'kill', node: 'a' }),
      at(30, { kind: 'ring' }),
    ]
    const error = await failureOf(playFaults(cluster, schedule, { clock }))
    expect(error.message).toBe('the nemesis could not do kill a: no such process')
    expect(error).toMatchObject({ code: 'NEMESIS', cause: new Error('no such process') })
    expect(kindsOf(error.played)).toEqual(['isolate', 'heal'])
    expect(done).toEqual(['10 isolate "a"', '20 kill "a"', '20 heal'])
  })

  test('a heal that fails too does not hide the cause', async () => {
    const { cluster, clock } = stage({ kill: 'no such process', heal: 'no answer' })
    const schedule = [at(10, { kind: 'isolate', node: 'a' }), at(20, { kind: 'kill', node: 'a' })]
    const error = await failureOf(playFaults(cluster, schedule, { clock }))
    expect(error.message).toBe('the nemesis could not do kill a: no such process; nor heal: no answer')
    expect(error.cause).toEqual(new Error('no such process'))
    expect(kindsOf(error.played)).toEqual(['isolate'])
  })

  test('an abort ends it: what was played is known, and healed', async () => {
    const { cluster, clock, done, over } = stage()
    const schedule = [at(10, { kind: 'isolate', node: 'a' }), at(20, { kind: 'ring' })]
    const onFault = (): void => over.abort()
    const played = await playFaults(cluster, schedule, { clock, signal: over.signal, onFault })
    expect(kindsOf(played)).toEqual(['isolate', 'heal'])
    expect(done).toEqual(['10 isolate "a"', '10 heal'])
  })

  test('an abort while it waits ends the waiting', async () => {
    const { cluster, done, over } = stage()
    const playing = playFaults(cluster, [at(3_600_000, { kind: 'ring' })], { signal: over.signal })
    over.abort()
    await expect(playing).resolves.toEqual([])
    expect(done).toEqual(['0 heal'])
  })
})

test('an action is described in its words', () => {
  expect(describeAction({ kind: 'partition', groups: [['a', 'b'], ['c']] })).toBe('partition [a,b] [c]')
  expect(describeAction({ kind: 'flap', downMs: 5, upMs: 6 })).toBe('flap 5 ms down, 6 ms up')
  expect(describeAction({ kind: 'flapNode', node: 'a', downMs: 5, upMs: 6 })).toBe(
    'flapNode a 5 ms down, 6 ms up',
  )
})
