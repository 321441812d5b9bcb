import { between, shuffled, wholeBetween } from '@grapevine/simulation'
import { rightWithin, type World } from './simulated-world.ts'

type Fault = (world: World) => void

const liveIds = ({ cluster, random }: World): string[] =>
  shuffled(
    random,
    cluster.live().map(({ id }) => id),
  )

const halves: Fault = (world) => {
  const ids = liveIds(world)
  const first = wholeBetween(world.random, 1, ids.length - 1)
  world.network.partition(ids.slice(0, first), ids.slice(first))
}

const bridge: Fault = (world) => {
  const ids = liveIds(world)
  const middle = Math.floor(ids.length / 2)
  world.network.bridge(ids.slice(0, middle + 1), ids.slice(middle))
}

const ring: Fault = (world) => world.network.ring(liveIds(world))

const oneWay: Fault = (world) => {
  const [from, ...others] = liveIds(world)
  const cut = world.random() < 0.5 ? others.slice(0, 1) : others
  for (const to of cut) if (from !== undefined) world.network.cutOneWay(from, to)
}

const deaf: Fault = (world) => {
  const [to, ...others] = liveIds(world)
  for (const from of others) if (to !== undefined) world.network.cutOneWay(from, to)
}

const stops: Fault = ({ cluster, random }) => {
  for (const { host } of cluster.pick(wholeBetween(random, 1, 2))) host.pause()
}

const loss: Fault = ({ network }) => network.conditions({ loss: 0.2 })

const delay: Fault = ({ network }) => network.conditions({ delay: [1, 100] })

const crash: Fault = ({ cluster }) => {
  if (cluster.live().length > 2) cluster.pick(1)[0]?.host.crash()
}

const crashAndReturn: Fault = ({ cluster, clock }) => {
  const [victim, other] = cluster.pick(2)
  if (victim === undefined || other === undefined) return
  victim.host.crash()
  clock.after(2_000, () => cluster.start(victim.id, [other.id]))
}

const goodbye: Fault = ({ cluster }) => {
  if (cluster.live().length > 2) cluster.pick(1)[0]?.leave()
}

const all = [halves, bridge, ring, oneWay, deaf, stops, loss, delay, crash, crashAndReturn, goodbye]

/** One fault of any kind, on top of those that last. */
const anyFault: Fault = (world) => shuffled(world.random, all)[0]?.(world)

const endFaults: Fault = ({ network, cluster }) => {
  network.heal()
  network.conditions({ loss: 0, delay: [0.2, 2] })
  for (const { host } of cluster.live()) host.resume()
}

/**
 * A cluster of this size lives through up to three faults, late comers among them; then all faults end.
 * @returns how long it took then until every live member had the right roster, in milliseconds
 */
export const anyFaults = (world: World, size: number): number => {
  const { cluster, clock, random } = world
  cluster.startMany(size)
  clock.advance(between(random, 0, 3_000))
  const rounds = wholeBetween(random, 1, 3)
  for (let round = 0; round < rounds; round += 1) {
    anyFault(world)
    const known = cluster.pick(2).map(({ id }) => id)
    if (random() < 0.3) cluster.start(`late${round}`, known)
    clock.advance(between(random, 100, 8_000))
    if (random() < 0.5) endFaults(world)
  }
  endFaults(world)
  return rightWithin(world, 15_000)
}
