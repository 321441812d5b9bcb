import { describe, expect, test } from 'vitest'
import { bytesFrom, wholeBetween } from '../random.ts'
import { seedsToRun, simulateAsync, type Simulation } from '../simulate.ts'
import { createVirtualCluster, type VirtualCluster } from './virtual-cluster.ts'
import type { VirtualFile } from '../disk/files.ts'
import type { Outside } from './machine.ts'

const nodes = ['a', 'b', 'c']

interface Counter {
  readonly heard: () => number
}

/** Writes what it hears to its disk, says the time by its own clock every second, and begins with what is on the disk. */
const counter = async (outside: Outside<string>): Promise<Counter> => {
  let heard = 0
  let end = 0
  let log: VirtualFile | undefined
  const take = async (text: string): Promise<void> => {
    heard += 1
    const line = Buffer.concat([
      Buffer.from(text),
      bytesFrom(outside.random, wholeBetween(outside.random, 0, 8)),
    ])
    end += (await log?.write(line, end).catch(() => 0)) ?? 0
    await log?.sync().catch(() => undefined)
  }
  const host = outside.listen({ received: (_from, text) => void take(text) })
  const files = outside.files()
  log = await files.open('/log', 'continue').catch(() => files.open('/log', 'create'))
  await files.syncFolder('/')
  end = await log.size()
  host.every(1_000, () => {
    for (const other of nodes)
      if (other !== outside.name) host.datagram(other, `${outside.wall.now()} ${end}`)
  })
  return { heard: () => heard }
}

type Cluster = VirtualCluster<string, Counter>

/** Faults of all kinds, some at once, and at the end what everybody has on their disks. */
const play = async (simulation: Simulation<string>): Promise<void> => {
  const { clock, random, trace } = simulation
  const cluster: Cluster = createVirtualCluster(simulation, nodes, counter)
  await startAll(cluster, simulation)
  const faults: ((node: string) => Promise<void>)[] = [
    (node) => cluster.partition([[node]]),
    (node) => cluster.cutOneWay(node, node === 'a' ? 'b' : 'a'),
    (node) => cluster.flap({ downMs: 300, upMs: 500, on: node }),
    () => cluster.slow({ delayMs: 400 }),
    () => cluster.lose({ share: 0.3 }),
    () => cluster.reorder({ share: 0.3 }),
    cluster.pause,
    cluster.kill,
    (node) => cluster.skewClock(node, wholeBetween(random, -1e6, 1e6)),
    cluster.fillDisk,
    cluster.failDisk,
  ]
  for (let round = 0; round < 30; round += 1) {
    const node = nodes[wholeBetween(random, 0, 2)] ?? 'a'
    await faults[wholeBetween(random, 0, faults.length - 1)]?.(node)
    await clock.settle(wholeBetween(random, 0, 2_000))
    if (random() < 0.4) await healed(cluster, simulation)
  }
  await healed(cluster, simulation)
  for (const node of nodes) {
    const { disk } = cluster.machine(node)
    trace.note(`${node}: ${disk.content('/log').toString('hex')}`)
  }
}

const startAll = async (cluster: Cluster, { clock }: Simulation<string>): Promise<void> => {
  const starting = Promise.all(cluster.nodes.map(cluster.start))
  await clock.settle(100)
  await starting
}

const healed = async (cluster: Cluster, { clock }: Simulation<string>): Promise<void> => {
  const healing = cluster.heal()
  await clock.settle(2_000)
  await healing
}

const run = (seed: number): Promise<{ digest: string; count: number }> =>
  simulateAsync<string, { digest: string; count: number }>(
    { seed, describe: (message) => message },
    async (simulation) => {
      await play(simulation)
      return { digest: simulation.trace.digest(), count: simulation.trace.count }
    },
  )

test('the same seed is the same run, byte for byte: messages, times and disks; another seed is another', async () => {
  const digests = new Set<string>()
  const seeds = seedsToRun(20)
  for (const seed of seeds) {
    const first = await run(seed)
    expect(first.count).toBeGreaterThan(100)
    expect(await run(seed), `SEED=${seed}`).toEqual(first)
    digests.add(first.digest)
  }
  expect(digests.size).toBe(seeds.length)
})

const onCluster = (
  work: (cluster: Cluster, simulation: Simulation<string>) => Promise<void>,
): Promise<void> =>
  simulateAsync<string>({ seed: 1 }, async (simulation) => {
    const cluster: Cluster = createVirtualCluster(simulation, nodes, counter)
    await startAll(cluster, simulation)
    await work(cluster, simulation)
  })

describe('a virtual cluster', () => {
  test('has what it had on its disks when it is started again, and a life of its own', () =>
    onCluster(async (cluster, simulation) => {
      await simulation.clock.settle(10_000)
      const before = cluster.machine('a').disk.content('/log').length
      expect(before).toBeGreaterThan(100)
      await cluster.kill('a')
      expect(cluster.program('a')).toBeUndefined()
      await simulation.clock.settle(5_000)
      await healed(cluster, simulation)
      expect(cluster.machine('a').life).toBe(2)
      expect(cluster.program('a')?.heard()).toBeLessThan(6)
      expect(cluster.machine('a').disk.content('/log').length).toBeGreaterThan(before - 100)
    }))

  test('nothing happens on a node that is paused, its disk included, and all of it once it goes on', () =>
    onCluster(async (cluster, { clock }) => {
      await clock.settle(3_500)
      await cluster.pause('b')
      const before = cluster.machine('b').disk.content('/log').length
      const heard = cluster.program('b')?.heard()
      await clock.settle(10_000)
      expect(cluster.program('b')?.heard()).toBe(heard)
      expect(cluster.machine('b').disk.content('/log')).toHaveLength(before)
      await cluster.heal()
      await clock.settle(100)
      expect(cluster.program('b')?.heard()).toBeGreaterThan(Number(heard) + 10)
    }))

  test('a cut one way parts one direction, a wrong clock is wrong on its node alone, and both heal', () =>
    onCluster(async (cluster, simulation) => {
      await cluster.partition([['a', 'b'], ['c']])
      await cluster.cutOneWay('a', 'b')
      await cluster.skewClock('a', 5_000)
      const heard = (): (number | undefined)[] => nodes.map((node) => cluster.program(node)?.heard())
      const before = heard()
      await simulation.clock.settle(10_000)
      expect(heard()).toEqual([Number(before[0]) + 10, before[1], before[2]])
      expect(cluster.machine('a').wall.now() - cluster.machine('b').wall.now()).toBe(5_000)
      await healed(cluster, simulation)
      expect(cluster.machine('a').wall.skew).toBe(0)
      expect(heard()[2]).toBeGreaterThan(Number(before[2]))
    }))

  test('a node that is not there, and what cannot be done to messages, are refused by name', () =>
    onCluster(async (cluster) => {
      await expect(cluster.kill('d')).rejects.toThrow('node is "d"; allowed: a, b, c')
      await expect(cluster.slow({ bitsPerSecond: 9_000 })).rejects.toMatchObject({ code: 'INVALID_OPTION' })
      await expect(cluster.corrupt({ share: 1 })).rejects.toMatchObject({ option: 'corrupt' })
    }))
})

test('chance of one node does not move that of another', async () => {
  const afterDraws = (draws: number): Promise<number> =>
    simulateAsync<string, number>({ seed: 1 }, async (simulation) => {
      const cluster = createVirtualCluster(simulation, nodes, counter)
      const { random } = cluster.machine('a').boot()
      for (let count = 0; count < draws; count += 1) random()
      return cluster.machine('b').boot().random()
    })
  expect(await afterDraws(100)).toBe(await afterDraws(0))
})
