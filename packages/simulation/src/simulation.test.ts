import { expect, test } from 'vitest'
import {
  seedsToRun,
  simulate,
  simulateAsync,
  SimulationError,
  type Conditions,
  type Simulation,
} from './index.ts'

/** Two hosts, and what the second one heard, with the time. */
const pair = ({ clock, network }: Simulation<string>) => {
  const heard: string[] = []
  const times: number[] = []
  const links: string[] = []
  const a = network.host('a', { received: () => undefined, unlinked: () => links.push('a lost b') })
  const b = network.host('b', {
    received: (_, text) => {
      heard.push(text)
      times.push(clock.now())
    },
    unlinked: () => links.push('b lost a'),
  })
  return { a, b, heard, times, links }
}

const run = (
  scenario: (simulation: Simulation<string>) => void,
  conditions: Partial<Conditions> = {},
): void => simulate({ seed: 1, conditions }, scenario)

test('the same seed gives the same run, another seed another', () => {
  const story = (seed: number): string =>
    simulate<string, string>({ seed, conditions: { loss: 0.5 } }, (simulation) => {
      const { a, heard, times } = pair(simulation)
      for (let count = 0; count < 50; count += 1) a.datagram('b', String(count))
      simulation.clock.advance(1_000)
      return JSON.stringify([heard, times])
    })
  expect(story(7)).toBe(story(7))
  expect(story(7)).not.toBe(story(8))
})

test('a failure names its seed and the time, and keeps the cause', () => {
  const cause = new Error('two leaders')
  const failing = (): void =>
    simulate({ seed: 42 }, ({ clock }) => {
      clock.advance(1_500)
      throw cause
    })
  expect(failing).toThrow(SimulationError)
  expect(failing).toThrow(/seed 42, at 1500 ms of virtual time: two leaders[^]*SEED=42/)
})

test('a failure of a scenario that waits names its seed too', async () => {
  const failing = simulateAsync({ seed: 43 }, async ({ clock }) => {
    await clock.settle(10)
    throw new Error('late')
  })
  await expect(failing).rejects.toMatchObject({ code: 'SIMULATION_FAILED', seed: 43 })
})

test('SEED asks for one seed, SEEDS for so many times more; nonsense is refused', () => {
  expect(seedsToRun(3, {})).toEqual([1, 2, 3])
  expect(seedsToRun(3, { SEEDS: '5' })).toHaveLength(15)
  expect(seedsToRun(3, { SEEDS_FROM: '7' })).toEqual([7, 8, 9])
  expect(seedsToRun(3, { SEED: '99', SEEDS: '5' })).toEqual([99])
  expect(() => seedsToRun(3, { SEED: 'x' })).toThrow('SEED=x')
})

test('datagrams are lost in the share that was asked for', () =>
  run(
    (simulation) => {
      const { a, heard } = pair(simulation)
      for (let count = 0; count < 5_000; count += 1) a.datagram('b', 'x')
      simulation.clock.advance(1_000)
      expect(heard.length).toBeGreaterThan(3_800)
      expect(heard.length).toBeLessThan(4_200)
    },
    { loss: 0.2 },
  ))

test('a link loses nothing and keeps the order: loss is delay', () =>
  run(
    (simulation) => {
      const { a, heard, times } = pair(simulation)
      const sent = Array.from({ length: 500 }, (_, index) => String(index))
      a.dial('b', () => sent.forEach((text) => a.send('b', text)))
      simulation.clock.advance(60_000)
      expect(heard).toEqual(sent)
      expect(Math.max(...times)).toBeGreaterThan(200)
    },
    { loss: 0.2 },
  ))

test('a silent cut leaves the link open; what was sent meanwhile arrives after the heal', () =>
  run((simulation) => {
    const { a, b, heard, links } = pair(simulation)
    a.dial('b')
    simulation.clock.advance(10)
    simulation.network.partition(['a'], ['b'])
    a.send('b', 'late')
    simulation.clock.advance(5_000)
    expect([heard, links, a.isLinked('b'), b.isLinked('a')]).toEqual([[], [], true, true])
    simulation.network.heal()
    simulation.clock.advance(5_100)
    expect(heard).toEqual(['late'])
  }))

test('a link that stays cut for its time-out breaks on both sides', () =>
  run((simulation) => {
    const { a, links } = pair(simulation)
    a.dial('b')
    simulation.clock.advance(10)
    simulation.network.cut('a', 'b')
    a.send('b', 'never')
    simulation.clock.advance(21_000)
    expect(links).toEqual(['a lost b', 'b lost a'])
  }))

test('one direction can be cut alone', () =>
  run((simulation) => {
    const { a, b, heard } = pair(simulation)
    simulation.network.cutOneWay('b', 'a')
    let dialled = ''
    a.dial('b', (result) => (dialled = result))
    a.datagram('b', 'through')
    b.datagram('a', 'not through')
    simulation.clock.advance(3_000)
    expect(heard).toEqual(['through'])
    expect(dialled).toBe('failed')
  }))

test('hosts of different groups do not hear each other; those that no group names form one more, as in a cluster', () =>
  run(({ network }) => {
    network.partition(['a', 'b'], ['c'])
    const pairs = ['ab', 'ac', 'bc', 'ax', 'cx', 'xy'].map((both) => both.split(''))
    expect(pairs.map(([one = '', other = '']) => network.connected(one, other))).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
    ])
    expect(() => network.partition(['a', 'b'], ['b', 'c'])).toThrow(/^groups is "b"/)
  }))

test('in a bridge those hear each other who share a group, and who is in none is alone, as in a cluster', () =>
  run(({ network }) => {
    network.bridge(['a', 'b'], ['b', 'c'])
    expect([network.connected('a', 'b'), network.connected('b', 'c'), network.connected('a', 'c')]).toEqual([
      true,
      true,
      false,
    ])
    expect(network.connected('x', 'y')).toBe(false)
  }))

test('in a ring each hears its two neighbours, until it is healed', () =>
  run(({ network }) => {
    network.ring(['a', 'b', 'c', 'd'])
    expect([network.connected('a', 'd'), network.connected('b', 'd')]).toEqual([true, false])
    network.heal()
    expect(network.connected('b', 'd')).toBe(true)
  }))

test('a paused host does nothing until it is resumed; a timer that it missed fires once', () =>
  run((simulation) => {
    const { a, b, heard } = pair(simulation)
    let ticks = 0
    b.every(100, () => (ticks += 1))
    simulation.clock.advance(250)
    b.pause()
    a.datagram('b', 'meanwhile')
    simulation.clock.advance(10_000)
    expect([ticks, heard]).toEqual([2, []])
    b.resume()
    expect([ticks, heard]).toEqual([3, ['meanwhile']])
    simulation.clock.advance(100)
    expect(ticks).toBe(4)
  }))

test('a resumed host runs its timers before it hears what came meanwhile, as an event loop does', () =>
  run((simulation) => {
    const { a, b, heard } = pair(simulation)
    let heardBefore: number | undefined
    b.pause()
    a.datagram('b', 'meanwhile')
    simulation.clock.advance(50)
    b.after(10, () => (heardBefore ??= heard.length))
    simulation.clock.advance(50)
    b.resume()
    expect([heardBefore, heard]).toEqual([0, ['meanwhile']])
  }))

test('a crash is seen by those who are linked; the host can be started again', () =>
  run((simulation) => {
    const { a, b, links } = pair(simulation)
    b.every(100, () => expect.unreachable('a dead host acted'))
    a.dial('b')
    simulation.clock.advance(10)
    b.crash()
    simulation.clock.advance(1_000)
    expect(links).toEqual(['a lost b'])
    const again: string[] = []
    simulation.network.host('b', { received: (_, text) => again.push(text) })
    a.dial('b', () => a.send('b', 'welcome back'))
    simulation.clock.advance(100)
    expect(again).toEqual(['welcome back'])
  }))

test('settle lets the promises of a node through between two tasks', async () => {
  await simulateAsync({ seed: 1 }, async ({ clock }) => {
    const order: string[] = []
    clock.after(1, () => void Promise.resolve().then(() => order.push('promise')))
    clock.after(2, () => order.push('timer'))
    await clock.settle(5)
    expect(order).toEqual(['promise', 'timer'])
  })
})
