import { createFactSet, erasureOf, factOf, keyOf, subjectOf, type Fact, type FactSet } from '@grapevine/facts'
import { seedsToRun, simulateAsync, wholeBetween, type Simulation } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { memoryDisk } from '../storage/memory.ts'
import { virtualBus, type Message, type VirtualBus } from '../testing/virtual-bus.ts'
import { virtualStorage, type VirtualDisk } from '../testing/virtual-disk.ts'
import { replicateFacts, type FactsReplica } from './replicate-facts.ts'

/**
 * Random facts and erasures, cuts, crashes, full disks, disks set back to an earlier state: when it is quiet again all
 * members hold the same, and of every fact that was acknowledged by one whose disk was never set back either the fact or
 * the erasure of its subject. No key is ever inserted twice in one process.
 */
const names = ['a', 'b', 'c', 'd'] as const
type Name = (typeof names)[number]
/** Only this one's disk is tampered with: who loses all copies of a fact has lost it. */
const unlucky: Name = 'a'

interface Node {
  readonly place: VirtualDisk
  running?: {
    readonly host: VirtualBus['host']
    readonly set: FactSet
    readonly replica: Promise<FactsReplica>
  }
}

interface World {
  readonly simulation: Simulation<Message>
  readonly nodes: ReadonlyMap<Name, Node>
  /** Keys of acknowledged facts, by who holds them for certain. */
  readonly acknowledged: Map<string, readonly string[]>
  readonly insertedTwice: string[]
  writes: number
}

const start = ({ simulation, insertedTwice }: World, name: Name, node: Node): void => {
  const { network, random } = simulation
  const { bus, host } = virtualBus(network, name, names)
  const clock = { now: simulation.clock.now, after: host.after }
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts', later: (work) => void host.after(0, work) })
  const inserted = new Set<string>()
  set.map.observe(({ keysChanged, changes }) => {
    for (const key of keysChanged) {
      if (typeof key !== 'string' || changes.keys.get(key)?.action !== 'add') continue
      if (inserted.has(key)) insertedTwice.push(key)
      inserted.add(key)
    }
  })
  const replica = replicateFacts(set, bus, {
    name: 'world',
    clock,
    random,
    storage: virtualStorage(node.place, clock, random),
    compactAfter: 1_024,
  })
  node.running = { host, set, replica }
}

const crash = (node: Node): void => {
  node.running?.host.crash()
  delete node.running
}

const draw = (world: World, name: Name): Fact => {
  const { random } = world.simulation
  world.writes += 1
  const subject = `subject-${wholeBetween(random, 0, 11)}`
  if (random() < 0.06) return erasureOf(subject)
  // Now and then the same as somebody else writes.
  return factOf(subject, random() < 0.1 ? 'the same' : `${name} ${world.writes}`)
}

const write = (world: World, name: Name, node: Node): void => {
  const { running } = node
  if (running === undefined) return
  const facts = Array.from({ length: wholeBetween(world.simulation.random, 1, 4) }, () => draw(world, name))
  const writing = async (): Promise<void> => {
    const replica = await running.replica
    const { acknowledgement } = await replica.write(() => running.set.insert(facts))
    for (const fact of facts) {
      const before = world.acknowledged.get(keyOf(fact)) ?? []
      world.acknowledged.set(keyOf(fact), [...before, ...acknowledgement.members])
    }
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
  const { simulation, nodes } = world
  const { random, network } = simulation
  const name = names[wholeBetween(random, 0, names.length - 1)] ?? 'a'
  const other = names[wholeBetween(random, 0, names.length - 1)] ?? 'b'
  const node = nodes.get(name)
  const tampered = nodes.get(unlucky)
  if (node === undefined || tampered === undefined) return
  const dice = random()
  if (dice < 0.6) write(world, name, node)
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
const starting = async ({ simulation, nodes }: World): Promise<readonly FactsReplica[]> => {
  await simulation.clock.settle(1_000)
  return Promise.all([...nodes.values()].flatMap(({ running }) => running?.replica ?? []))
}

const isSettled = (replicas: readonly FactsReplica[]): boolean => {
  const statuses = replicas.map((replica) => replica.status())
  const isQuiet = statuses.every(({ pending, storage }) => pending === 0 && storage === 'keeping')
  return isQuiet && new Set(statuses.map(({ digest }) => digest)).size === 1
}

const quiet = async (world: World): Promise<readonly FactsReplica[]> => {
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
    const world: World = { simulation, nodes, acknowledged: new Map(), insertedTwice: [], writes: 0 }
    for (const [name, node] of nodes) start(world, name, node)
    for (let step = 0; step < 40; step += 1) {
      act(world)
      await simulation.clock.settle(simulation.random() < 0.8 ? simulation.random() * 20 : 2_000)
    }
    const replicas = await quiet(world)
    const statuses = replicas.map((replica) => replica.status())
    expect(new Set(statuses.map(({ digest }) => digest)).size).toBe(1)
    expect(
      statuses.map(({ pending, diverged, refused, failed }) => [pending, diverged, refused, failed]),
    ).toEqual(names.map(() => [0, [], 0, []]))
    const safe = [...world.acknowledged].filter(([, members]) => members.some((member) => member !== unlucky))
    const set = nodes.get('b')?.running?.set
    const lost = safe.filter(([key]) => set?.holds(key) !== true && set?.isErased(subjectOf(key)) !== true)
    expect(lost).toEqual([])
    expect(world.insertedTwice).toEqual([])
    for (const { set: held } of replicas)
      expect([...held.map.keys()].filter((key) => !held.holds(key))).toEqual([])
    // What is under way, such as a compaction, may need a moment to end.
    const closed = Promise.all(replicas.map((replica) => replica.close()))
    await simulation.clock.settle(5_000)
    await closed
  })

test(
  'after quiet all hold the same, and every acknowledged fact or the erasure of its subject',
  { timeout: 5_000 * seedsToRun(60).length },
  async () => {
    for (const seed of seedsToRun(40)) await run(seed)
    expect.hasAssertions()
  },
)
