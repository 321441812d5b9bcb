import { seedsToRun, simulateAsync, wholeBetween, type Simulation } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { replicate, type Policy, type Replica } from '../index.ts'
import { memoryDisk } from '../storage/memory.ts'
import { virtualBus, type Message, type VirtualBus } from '../testing/virtual-bus.ts'
import { virtualStorage, type VirtualDisk } from '../testing/virtual-disk.ts'

/**
 * Random writes, cuts, crashes, full disks, disks set back to an earlier state: when it is quiet again all members
 * hold the same, and every write that was acknowledged by one whose disk was never set back.
 */
const names = ['a', 'b', 'c', 'd'] as const
type Name = (typeof names)[number]
/** Only this one's disk is tampered with: who loses all copies of a write has lost it. */
const unlucky: Name = 'a'

interface Node {
  readonly place: VirtualDisk
  running?: { readonly host: VirtualBus['host']; readonly doc: Y.Doc; readonly replica: Promise<Replica> }
}

interface World {
  readonly simulation: Simulation<Message>
  readonly nodes: ReadonlyMap<Name, Node>
  /** Keys of acknowledged writes, by who has them for certain. */
  readonly acknowledged: Map<string, readonly string[]>
  readonly policy: Policy | undefined
  writes: number
}

const onlyFacts: Policy = ({ deletions, others }) =>
  deletions.length + others > 0 ? { verdict: 'refuse', reason: 'only new entries' } : { verdict: 'accept' }

const start = ({ simulation, policy }: World, name: Name, node: Node): void => {
  const { network, random } = simulation
  const { bus, host } = virtualBus(network, name, names)
  const clock = { now: simulation.clock.now, after: host.after }
  const doc = new Y.Doc()
  const replica = replicate(doc, bus, {
    name: 'world',
    clock,
    random,
    storage: virtualStorage(node.place, clock, random),
    compactAfter: 1_024,
    ...(policy === undefined ? {} : { policy }),
  })
  node.running = { host, doc, replica }
}

const crash = (node: Node): void => {
  node.running?.host.crash()
  delete node.running
}

const write = (
  world: World,
  name: Name,
  node: Node,
  change: (map: Y.Map<unknown>, key: string) => void,
): void => {
  const { running } = node
  if (running === undefined) return
  world.writes += 1
  const key = `${name} ${world.writes}`
  const writing = async (): Promise<void> => {
    const replica = await running.replica
    const { acknowledgement } = await replica.write(() => change(running.doc.getMap('map'), key))
    world.acknowledged.set(key, acknowledgement.members)
  }
  // What fails was not acknowledged; that is all there is to say of it.
  writing().catch(() => undefined)
}

const tamper = (world: World, node: Node): void => {
  const { random } = world.simulation
  crash(node)
  const { disk } = node.place
  const kept = wholeBetween(random, 0, disk.log.length)
  if (random() < 0.5) disk.log.length = kept
  else disk.log.splice(kept, 1)
  if (random() < 0.2) disk.snapshot = []
}

const act = (world: World): void => {
  const { simulation, nodes, policy } = world
  const { random, network } = simulation
  const name = names[wholeBetween(random, 0, names.length - 1)] ?? 'a'
  const other = names[wholeBetween(random, 0, names.length - 1)] ?? 'b'
  const node = nodes.get(name)
  const tampered = nodes.get(unlucky)
  if (node === undefined || tampered === undefined) return
  const dice = random()
  if (dice < 0.5) write(world, name, node, (map, key) => void map.set(key, { by: name }))
  else if (dice < 0.6 && policy === undefined)
    write(world, name, node, (map, key) => {
      map.set(key, true)
      map.set(`shared ${world.writes % 3}`, key)
      map.delete(`shared ${wholeBetween(random, 0, 2)}`)
    })
  else if (dice < 0.7 && name !== other) network.cut(name, other)
  else if (dice < 0.74)
    network.partition(
      [...new Set([name, other])],
      names.filter((each) => each !== name && each !== other),
    )
  else if (dice < 0.8) network.heal()
  else if (dice < 0.86) crash(node)
  else if (dice < 0.93 && node.running === undefined) start(world, name, node)
  else if (dice < 0.96) node.place.isFull = !node.place.isFull
  else if (dice < 0.98) tamper(world, tampered)
}

/** Milliseconds of quiet after which all must be equal. */
const mostQuiet = 40_000

/** Who is being started waits for a virtual disk. */
const starting = async ({ simulation, nodes }: World): Promise<readonly Replica[]> => {
  await simulation.clock.settle(1_000)
  return Promise.all([...nodes.values()].flatMap(({ running }) => running?.replica ?? []))
}

const isSettled = (replicas: readonly Replica[]): boolean => {
  const statuses = replicas.map((replica) => replica.status())
  const isQuiet = statuses.every(({ pending, diverged }) => pending === 0 && diverged.length === 0)
  return isQuiet && new Set(statuses.map(({ digest }) => digest)).size === 1
}

const quiet = async (world: World): Promise<readonly Replica[]> => {
  world.simulation.network.heal()
  world.simulation.network.conditions({ loss: 0 })
  for (const [name, node] of world.nodes) {
    node.place.isFull = false
    if (node.running === undefined) start(world, name, node)
  }
  const replicas = await starting(world)
  for (let waited = 0; waited < mostQuiet && !isSettled(replicas); waited += 2_000)
    await world.simulation.clock.settle(2_000)
  return replicas
}

const run = (seed: number): Promise<void> =>
  simulateAsync<Message>({ seed, conditions: { loss: 0.05, linkTimeout: 2_000 } }, async (simulation) => {
    const nodes = new Map(
      names.map((name): [Name, Node] => [name, { place: { disk: memoryDisk(), isFull: false } }]),
    )
    const policy = seed % 2 === 0 ? onlyFacts : undefined
    const world: World = { simulation, nodes, acknowledged: new Map(), policy, writes: 0 }
    for (const [name, node] of nodes) start(world, name, node)
    for (let step = 0; step < 40; step += 1) {
      act(world)
      await simulation.clock.settle(simulation.random() < 0.8 ? simulation.random() * 20 : 2_000)
    }
    const replicas = await quiet(world)
    const statuses = replicas.map((replica) => replica.status())
    expect(new Set(statuses.map(({ digest }) => digest)).size).toBe(1)
    expect(statuses.map(({ pending, diverged }) => ({ pending, diverged }))).toEqual(
      names.map(() => ({ pending: 0, diverged: [] })),
    )
    const safe = [...world.acknowledged].filter(([, members]) => members.some((member) => member !== unlucky))
    const map = nodes.get('b')?.running?.doc.getMap('map')
    expect(safe.filter(([key]) => map?.has(key) !== true)).toEqual([])
    // What is under way, such as a compaction, may need a moment to end.
    const closed = Promise.all(replicas.map((replica) => replica.close()))
    await simulation.clock.settle(5_000)
    await closed
  })

test('after quiet all are equal and every acknowledged write is there', { timeout: 300_000 }, async () => {
  for (const seed of seedsToRun(60)) await run(seed)
  expect.hasAssertions()
})
