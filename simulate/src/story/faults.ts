import { derivedRandom } from '@grapevine/simulation'
import { reasonOf } from '@grapevine/std'
import { liar, newcomer } from './tampering.ts'
import type { World } from '../instance/world.ts'
import type { Fault } from './event.ts'

/** How a fault is done, and undone. */
export interface Nemesis {
  begin(fault: Fault): void
  end(fault: Fault): void
  /** All faults are over; every machine runs its instance again. */
  heal(): Promise<void>
  /** Nobody is to be believed who talks to it now: its disk is somebody else's, or what it says is not what it holds. */
  isSuspect(node: string): boolean
  /** Done so far, by kind. */
  readonly done: ReadonlyMap<Fault['kind'], number>
}

/** Milliseconds before a supervisor starts again what has ended. */
const betweenStarts = 1_000

export const createNemesis = (world: World): Nemesis => {
  const { cluster, network, note, seed, tampering } = world
  const { nodes } = cluster
  const done = new Map<Fault['kind'], number>()
  /** What is in force on each machine's disk, and who holds it down. */
  const down = new Map<string, number>()
  const suspects = new Set<string>()
  let slowed: readonly Fault[] = []
  let partitions: readonly Fault[] = []

  /** One that does not start is started again, as by every supervisor: its disk may be full now. */
  const start = (node: string): void => {
    const { life } = cluster.machine(node)
    void cluster.start(node).catch((error: unknown) => {
      note(`${node} did not start: ${reasonOf(error)}`)
      if (cluster.machine(node).life === life + 1) void cluster.kill(node)
      world.clock.after(betweenStarts, () => {
        if (!isDown(node) && cluster.machine(node).life === life + 1) start(node)
      })
    })
  }
  const takeDown = (node: string): void => {
    const count = down.get(node) ?? 0
    down.set(node, count + 1)
    if (count > 0) return
    cluster.machine(node).host?.resume()
    void cluster.kill(node)
  }
  const letUp = (node: string): void => {
    const count = (down.get(node) ?? 0) - 1
    down.set(node, Math.max(0, count))
    if (count === 0) start(node)
  }
  const isDown = (node: string): boolean => (down.get(node) ?? 0) > 0
  /** What a machine loses for good must be held by all others: else nothing could bring it back. */
  const isHeldByAll = (): boolean => {
    const held = nodes.map((node) => {
      const replicas = isDown(node) ? undefined : world.instance(node)?.app.replicas
      return replicas && JSON.stringify(Object.entries(replicas).map(([name, one]) => [name, contentOf(one)]))
    })
    return held.every((one) => one !== undefined && one === held[0])
  }
  const weather = (): void => {
    network.calm()
    for (const fault of slowed) {
      const between = 'to' in fault ? { from: fault.from, to: fault.to } : undefined
      if (fault.kind === 'slow') network.conditions({ delay: [fault.delayMs / 2, fault.delayMs] }, between)
      if (fault.kind === 'lose') network.conditions({ loss: fault.share }, between)
    }
  }
  const repartition = (): void => {
    const last = partitions.at(-1)
    if (last?.kind === 'partition') network.partition(...last.groups)
    else network.partition(nodes)
  }
  const damage = (node: string, act: () => void): boolean => {
    if (!isHeldByAll()) return false
    takeDown(node)
    suspects.add(node)
    act()
    return true
  }

  /** @returns whether it could be done */
  const perform = (fault: Fault): boolean => {
    switch (fault.kind) {
      case 'partition':
        partitions = [...partitions, fault]
        repartition()
        return true
      case 'cut':
        network.cut(fault.from, fault.to)
        return true
      case 'cutOneWay':
        network.cutOneWay(fault.from, fault.to)
        return true
      case 'slow':
      case 'lose':
        slowed = [...slowed, fault]
        weather()
        return true
      case 'pause':
        cluster.machine(fault.node).host?.pause()
        return !isDown(fault.node)
      case 'kill':
        takeDown(fault.node)
        return true
      case 'blackout':
        for (const node of fault.nodes) takeDown(node)
        for (const node of fault.nodes) cluster.machine(node).disk.losePower()
        return true
      case 'restart':
        return restart(fault.node)
      case 'skewClock':
        cluster.machine(fault.node).wall.skewBy(fault.ms)
        return true
      case 'drift':
        cluster.machine(fault.node).wall.drift(fault.partsPerMillion)
        return true
      case 'fillDisk':
        cluster.machine(fault.node).disk.trouble = 'full'
        return true
      case 'failDisk':
        cluster.machine(fault.node).disk.trouble = 'broken'
        return true
      case 'rot':
        return damage(fault.node, () => void cluster.machine(fault.node).disk.rot())
      case 'replaceDisk':
        return damage(fault.node, () => cluster.machine(fault.node).disk.wipe())
      case 'cloneDisk':
        return damage(fault.node, () => copyDisk(world, fault.from, fault.node))
      case 'lie':
        tampering.set(fault.node, liar(derivedRandom(seed, 'lies')))
        suspects.add(fault.node)
        return true
      case 'unknownKinds':
        tampering.set(fault.node, newcomer(derivedRandom(seed, 'news')))
        return true
    }
  }
  const restart = (node: string): boolean => {
    const instance = world.instance(node)
    if (instance === undefined || isDown(node)) return false
    down.set(node, 1)
    const end = (): void => void cluster.kill(node)
    void instance.app.stop().then(end, end)
    return true
  }

  const undo = (fault: Fault): void => {
    switch (fault.kind) {
      case 'partition':
        partitions = partitions.filter((one) => one !== fault)
        return repartition()
      case 'cut':
        return network.mend(fault.from, fault.to)
      case 'cutOneWay':
        return network.mendOneWay(fault.from, fault.to)
      case 'slow':
      case 'lose':
        slowed = slowed.filter((one) => one !== fault)
        return weather()
      case 'pause':
        return cluster.machine(fault.node).host?.resume()
      case 'kill':
        return letUp(fault.node)
      case 'blackout':
        for (const node of fault.nodes) letUp(node)
        return
      case 'restart':
        // One that did not end in time is killed, as by every supervisor.
        if (world.instance(fault.node) !== undefined) void cluster.kill(fault.node)
        return letUp(fault.node)
      case 'skewClock':
        return cluster.machine(fault.node).wall.skewBy(0)
      case 'drift':
        cluster.machine(fault.node).wall.drift(0)
        return cluster.machine(fault.node).wall.skewBy(0)
      case 'fillDisk':
      case 'failDisk':
        cluster.machine(fault.node).disk.trouble = undefined
        return
      case 'rot':
      case 'replaceDisk':
        letUp(fault.node)
        return
      case 'cloneDisk':
        letUp(fault.node)
        return
      case 'lie':
      case 'unknownKinds':
        tampering.delete(fault.node)
    }
  }

  const doneNow = new Set<Fault>()
  return {
    begin: (fault) => {
      if (!perform(fault)) return note(`not done: ${fault.kind}`)
      doneNow.add(fault)
      done.set(fault.kind, (done.get(fault.kind) ?? 0) + 1)
    },
    end: (fault) => {
      if (doneNow.delete(fault)) undo(fault)
    },
    heal: async () => {
      for (const fault of doneNow) undo(fault)
      doneNow.clear()
      network.heal()
      network.calm()
      tampering.clear()
      // An operator gives those an empty disk that are a copy of another, or lied.
      for (const node of suspects) {
        takeDown(node)
        cluster.machine(node).disk.wipe()
        letUp(node)
      }
      suspects.clear()
    },
    isSuspect: (node) => suspects.has(node),
    done,
  }
}

const contentOf = (replica: { status(): object }): unknown => {
  const status = replica.status()
  return 'digest' in status ? status.digest : undefined
}

const copyDisk = ({ cluster }: World, from: string, to: string): void => {
  const [source, target] = [cluster.machine(from).disk, cluster.machine(to).disk]
  target.wipe()
  target.restore(source)
}
