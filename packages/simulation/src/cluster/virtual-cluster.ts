import { InvalidOptionError, shown } from '@grapevine/std'
import { createFlapping } from './flapping.ts'
import { createMachine, type Machine, type Outside } from './machine.ts'
import { derivedRandom } from '../random.ts'
import type { Simulation } from '../simulate.ts'

/**
 * Machines with a program on each, and the faults that can be done to them: in the words of a cluster of real processes, so
 * that a nemesis (`playFaults` of `@grapevine/history`) plays on both. They add up, and `heal` undoes all.
 */
export interface VirtualCluster<Message, Program> {
  readonly nodes: readonly string[]
  /** What `start` made of it the last time; `undefined` while it is down or starting. */
  program(node: string): Program | undefined
  machine(node: string): Machine<Message>
  /** Starts it, again if it was killed. Resolves when `start` does. */
  start(node: string): Promise<void>
  partition(groups: readonly (readonly string[])[]): Promise<void>
  bridge(groups: readonly (readonly string[])[]): Promise<void>
  ring(): Promise<void>
  isolate(node: string): Promise<void>
  cut(a: string, b: string): Promise<void>
  cutOneWay(from: string, to: string): Promise<void>
  flap(options: { readonly downMs: number; readonly upMs: number; readonly on?: string }): Promise<void>
  /** Delays all that is sent by so many milliseconds at most. */
  slow(options: { readonly delayMs?: number; readonly bitsPerSecond?: number }): Promise<void>
  lose(options: { readonly share: number }): Promise<void>
  reorder(options: { readonly share: number }): Promise<void>
  /** Not possible: messages have no bytes here. @throws InvalidOptionError */
  corrupt(options: { readonly share: number }): Promise<void>
  pause(node: string): Promise<void>
  /** The program is killed; and every second time, by chance, the machine loses power, so that writes are torn and lost. */
  kill(node: string): Promise<void>
  skewClock(node: string, ms: number): Promise<void>
  fillDisk(node: string): Promise<void>
  failDisk(node: string): Promise<void>
  /** Undoes all, and resolves when what was killed has started again. */
  heal(): Promise<void>
}

/** @param run - a life of the program: it takes all that it takes from `outside` */
export const createVirtualCluster = <Message, Program>(
  simulation: Simulation<Message>,
  nodes: readonly string[],
  run: (outside: Outside<Message>) => Program | Promise<Program>,
): VirtualCluster<Message, Program> => {
  const { network, clock, seed, trace } = simulation
  const machines = new Map(nodes.map((node) => [node, createMachine(simulation, node)]))
  const programs = new Map<string, Program>()
  const killed = new Set<string>()
  const flapping = createFlapping(network, clock)
  const machine = (node: string): Machine<Message> => {
    const found = machines.get(node)
    if (found === undefined) throw new InvalidOptionError('node', shown(node), nodes.join(', '))
    return found
  }
  const note = (words: string): void => trace.note(`${clock.now().toFixed(3)} ${words}`)
  const start = async (node: string): Promise<void> => {
    const outside = machine(node).boot()
    killed.delete(node)
    note(`${node} starts`)
    const program = await run(outside)
    if (machine(node).life === outside.life && !killed.has(node)) programs.set(node, program)
  }
  const kill = (node: string): void => {
    const { disk, kill, life } = machine(node)
    kill()
    // Of its own, so that what is left out of a story elsewhere does not change how this kill comes out.
    const chance = derivedRandom(seed, `kill ${life} of ${node}`)
    const losesPower = chance() < 0.5
    if (losesPower) disk.losePower(chance)
    programs.delete(node)
    killed.add(node)
    note(`${node} killed${losesPower ? ', no power' : ''}`)
  }
  const healMachine = ({ disk, wall, host }: Machine<Message>): void => {
    disk.trouble = undefined
    wall.drift(0)
    wall.skewBy(0)
    host?.resume()
  }

  return {
    nodes,
    program: (node) => programs.get(node),
    machine,
    start,
    partition: async (groups) => network.partition(...groups),
    bridge: async (groups) => network.bridge(...groups),
    ring: async () => network.ring(nodes),
    isolate: async (node) => {
      for (const other of nodes) if (other !== machine(node).name) network.cut(node, other)
    },
    cut: async (a, b) => network.cut(machine(a).name, machine(b).name),
    cutOneWay: async (from, to) => network.cutOneWay(machine(from).name, machine(to).name),
    flap: async ({ on, ...times }) => flapping.start(pairs(nodes, on), times),
    slow: async ({ delayMs, bitsPerSecond }) => {
      if (delayMs === undefined)
        throw new InvalidOptionError('bitsPerSecond', shown(bitsPerSecond), 'delayMs alone, in a simulation')
      network.conditions({ delay: [delayMs / 2, delayMs] })
    },
    lose: async ({ share }) => network.conditions({ loss: share }),
    reorder: async ({ share }) => network.conditions({ reorder: share }),
    corrupt: async ({ share }) => {
      throw new InvalidOptionError(
        'corrupt',
        shown(share),
        'faults that leave messages whole, in a simulation',
      )
    },
    pause: async (node) => machine(node).host?.pause(),
    kill: async (node) => kill(node),
    skewClock: async (node, ms) => machine(node).wall.skewBy(ms),
    fillDisk: async (node) => void (machine(node).disk.trouble = 'full'),
    failDisk: async (node) => void (machine(node).disk.trouble = 'broken'),
    heal: async () => {
      flapping.end()
      network.heal()
      network.calm()
      for (const each of machines.values()) healMachine(each)
      await Promise.all([...killed].map(start))
    },
  }
}

const pairs = (nodes: readonly string[], on: string | undefined): (readonly [string, string])[] =>
  nodes.flatMap((a, index) =>
    nodes
      .slice(index + 1)
      .filter((b) => on === undefined || on === a || on === b)
      .map((b) => [a, b] as const),
  )
