import { createFactSet, erasureOf, factOf, keyOf, type Fact, type FactSet } from '@grapevine/facts'
import { wholeBetween, type Simulation } from '@grapevine/simulation'
import * as Y from 'yjs'
import { replicateFacts, type FactsReplica } from '../../facts/replicate-facts.ts'
import { memoryDisk } from '../../storage/memory.ts'
import { virtualBus, type Message, type VirtualBus } from '../virtual-bus.ts'
import { virtualStorage, type VirtualDisk } from '../virtual-disk.ts'
import { createLiar } from './liar.ts'
import type { Liar, Lie } from './lie.ts'
import { lies } from './lies/index.ts'

/** Three honest members and one that lies, on a virtual network. */
export interface World {
  readonly simulation: Simulation<Message>
  readonly honest: ReadonlyMap<string, Node>
  readonly acknowledged: Set<string>
  /** What must not happen, in words. */
  readonly wrong: string[]
  /** Milliseconds that each start took until it was ready. */
  readonly readyAfter: number[]
  liar?: { readonly host: VirtualBus['host']; readonly member: Promise<Liar> }
  /** Names of the lies that were told. */
  readonly told: Set<string>
  writes: number
}

export interface Node {
  readonly place: VirtualDisk
  running?: {
    readonly host: VirtualBus['host']
    readonly set: FactSet
    readonly replica: Promise<FactsReplica>
  }
}

const names = ['a', 'b', 'c', 'd'] as const
export const liarName = 'b'

export const createWorld = (simulation: Simulation<Message>): World => ({
  simulation,
  honest: new Map(
    names.flatMap((name): [string, Node][] =>
      name === liarName ? [] : [[name, { place: { disk: memoryDisk(), isFull: false } }]],
    ),
  ),
  acknowledged: new Set(),
  wrong: [],
  readyAfter: [],
  told: new Set(),
  writes: 0,
})

export const start = (world: World, name: string, node: Node): void => {
  const { clock: time, network, random } = world.simulation
  const { bus, host } = virtualBus(network, name, names)
  const clock = { now: time.now, after: host.after }
  const set = createFactSet({ doc: new Y.Doc(), root: 'facts', later: (work) => void host.after(0, work) })
  watchInsertions(world, name, set)
  const since = time.now()
  const replica = replicateFacts(set, bus, {
    name: 'world',
    clock,
    random,
    storage: virtualStorage(node.place, clock, random),
    compactAfter: 1_024,
  })
  node.running = { host, set, replica }
  void replica.then((started) => watch(world, name, started, since))
}

const watchInsertions = ({ wrong }: World, name: string, set: FactSet): void => {
  const inserted = new Set<string>()
  set.map.observe(({ keysChanged, changes }) => {
    for (const key of keysChanged) {
      if (typeof key !== 'string' || changes.keys.get(key)?.action !== 'add') continue
      if (inserted.has(key)) wrong.push(`${name} inserted ${key} twice`)
      inserted.add(key)
    }
  })
}

const watch = (
  { wrong, simulation, readyAfter }: World,
  name: string,
  replica: FactsReplica,
  since: number,
): void => {
  void replica.ready.then(() => void readyAfter.push(simulation.clock.now() - since))
  replica.on('refused', ({ member, reason }) => {
    if (member !== liarName) wrong.push(`${name} refused what ${member} sent: ${reason}`)
  })
  replica.on('diverged', ({ member }) => {
    if (member !== liarName) wrong.push(`${name} says that ${member} diverged`)
  })
}

export const crash = (node: Node): void => {
  node.running?.host.crash()
  delete node.running
}

const draw = (world: World, name: string): Fact => {
  const { random } = world.simulation
  world.writes += 1
  const subject = `subject-${wholeBetween(random, 0, 11)}`
  if (random() < 0.06) return erasureOf(subject)
  return factOf(subject, random() < 0.1 ? 'the same' : `${name} ${world.writes}`)
}

export const write = (world: World, name: string, { running }: Node): void => {
  if (running === undefined) return
  const facts = Array.from({ length: wholeBetween(world.simulation.random, 1, 4) }, () => draw(world, name))
  const writing = async (): Promise<void> => {
    const replica = await running.replica
    await replica.write(() => running.set.insert(facts))
    for (const fact of facts) world.acknowledged.add(keyOf(fact))
  }
  // What fails was not acknowledged; that is all there is to say of it.
  writing().catch(() => undefined)
}

/** It comes with a lie, or takes another: any, if none is given. */
export const lie = async (world: World, given?: Lie): Promise<void> => {
  const { network, random } = world.simulation
  const next = given ?? lies[wholeBetween(random, 0, lies.length - 1)]
  if (next === undefined) return
  world.told.add(next.name)
  if (world.liar === undefined) {
    const { bus, host } = virtualBus(network, liarName, names)
    world.liar = { host, member: createLiar({ bus, name: 'world', random, after: host.after, lie: next }) }
  }
  const liar = await world.liar.member
  liar.lie = next
  liar.act()
}

export const leave = (world: World): void => {
  world.liar?.host.crash()
  delete world.liar
}
