import { subjectOf } from '@grapevine/facts'
import { seedsToRun, simulateAsync, wholeBetween } from '@grapevine/simulation'
import { expect, test } from 'vitest'
import { lies } from '../testing/liar/lies/index.ts'
import { crash, createWorld, leave, liarName, lie, start, write, type World } from '../testing/liar/world.ts'
import type { FactsReplica } from './replicate-facts.ts'
import type { Message } from '../testing/virtual-bus.ts'

/**
 * Three honest members and one liar among them, which knows the secret and the protocol. Random facts, erasures, cuts,
 * crashes, full disks, lies; the liar stays or leaves. When it is quiet, but for the liar, the honest ones hold the same.
 * `SEEDS=170` plays ten thousand, in an hour or so.
 */
const steps = 24
/** Milliseconds of quiet after which the honest must be equal, though the liar goes on. */
const mostQuiet = 60_000
/** Milliseconds in which every start must be ready: the bound of readiness, and the disk. */
const readyWithin = 61_000

const act = async (world: World): Promise<void> => {
  const { random, network } = world.simulation
  const all = [...world.honest]
  const [name, node] = all[wholeBetween(random, 0, all.length - 1)] ?? []
  const [other] = all[wholeBetween(random, 0, all.length - 1)] ?? []
  if (name === undefined || node === undefined || other === undefined) return
  const dice = random()
  if (dice < 0.45) write(world, name, node)
  else if (dice < 0.68) await lie(world)
  else if (dice < 0.71) leave(world)
  else if (dice < 0.8 && name !== other) network.cut(name, other)
  else if (dice < 0.83) network.cut(name, liarName)
  else if (dice < 0.88) network.heal()
  else if (dice < 0.92) crash(node)
  else if (dice < 0.97 && node.running === undefined) start(world, name, node)
  else if (dice < 0.99) node.place.isFull = !node.place.isFull
}

const isSettled = (replicas: readonly FactsReplica[]): boolean => {
  const statuses = replicas.map((replica) => replica.status())
  const isQuiet = statuses.every(({ pending, storage }) => pending === 0 && storage === 'keeping')
  return isQuiet && new Set(statuses.map(({ digest }) => digest)).size === 1
}

/** All is healed and started. A liar that stays goes on with its last lie. */
const quiet = async (world: World): Promise<readonly FactsReplica[]> => {
  const { network, clock } = world.simulation
  network.heal()
  network.conditions({ loss: 0 })
  for (const [name, node] of world.honest) {
    node.place.isFull = false
    if (node.running === undefined) start(world, name, node)
  }
  await clock.settle(1_000)
  const running = [...world.honest.values()].flatMap(({ running: each }) => each?.replica ?? [])
  const replicas = await Promise.all(running)
  const liar = await world.liar?.member
  liar?.act()
  for (let waited = 0; waited < mostQuiet; waited += 2_000) {
    await clock.settle(2_000)
    if (isSettled(replicas)) break
  }
  return replicas
}

const checkStatuses = (world: World, replicas: readonly FactsReplica[]): void => {
  const statuses = replicas.map((replica) => replica.status())
  expect(new Set(statuses.map(({ digest }) => digest)).size, 'digests').toBe(1)
  const named = statuses.flatMap(({ failed, diverged, cutOff }) => [
    ...failed.map(({ member }) => member),
    ...diverged,
    ...cutOff,
  ])
  expect(
    named.filter((member) => member !== liarName),
    'honest members that are named',
  ).toEqual([])
  const isMalformed = lies.some((each) => each.isMalformed === true && world.told.has(each.name))
  if (!isMalformed) expect(statuses.flatMap(({ cutOff }) => cutOff)).toEqual([])
}

const check = async (world: World, replicas: readonly FactsReplica[]): Promise<void> => {
  checkStatuses(world, replicas)
  const set = replicas[0]?.set
  const lost = [...world.acknowledged].filter(
    (key) => set?.holds(key) !== true && set?.isErased(subjectOf(key)) !== true,
  )
  expect(lost, 'acknowledged and lost').toEqual([])
  expect(world.wrong).toEqual([])
  if (!replicas.every((replica) => replica.status().ready)) await world.simulation.clock.settle(readyWithin)
  expect(replicas.map((replica) => replica.status().ready)).toEqual([true, true, true])
  expect(
    world.readyAfter.filter((ms) => ms > readyWithin),
    'not ready in time',
  ).toEqual([])
}

const run = (seed: number): Promise<void> =>
  simulateAsync<Message>({ seed, conditions: { loss: 0.03, linkTimeout: 2_000 } }, async (simulation) => {
    const world = createWorld(simulation)
    for (const [name, node] of world.honest) start(world, name, node)
    await lie(world)
    for (let step = 0; step < steps; step += 1) {
      await act(world)
      await simulation.clock.settle(simulation.random() < 0.8 ? simulation.random() * 20 : 1_000)
    }
    const replicas = await quiet(world)
    await check(world, replicas)
    const closed = Promise.all(replicas.map((replica) => replica.close()))
    leave(world)
    await simulation.clock.settle(5_000)
    await closed
  })

test(
  'whatever one of four lies, the others hold the same, lose nothing, and punish only the liar',
  { timeout: 7_200_000 },
  async () => {
    for (const seed of seedsToRun(60)) await run(seed)
    expect(lies.length).toBeGreaterThanOrEqual(20)
  },
)
