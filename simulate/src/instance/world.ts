import { createVirtualCluster, type Simulation, type VirtualCluster } from '@grapevine/simulation'
import { createBrowser, type Browser } from '../clients/browser.ts'
import { createDirectory } from './directory.ts'
import { startVirtualInstance, type VirtualInstance } from './virtual-instance.ts'
import type { Wire } from '@grapevine/membership/virtual'

/** Machines with an instance on each, and people with browsers. */
export interface World extends Simulation<Wire> {
  readonly cluster: VirtualCluster<Wire, VirtualInstance>
  /** A machine's instance, while it runs. */
  instance(node: string): VirtualInstance | undefined
  /** Someone's new browser. */
  browser(address: string): Browser
  /** Lets virtual time pass until the work is done. */
  during<T>(work: Promise<T>): Promise<T>
  note(words: string): void
  /** Lines of all logs, warnings and worse. */
  readonly logged: readonly string[]
  /** What a node sends in the place of what its member would. @default the same */
  readonly tampering: Map<string, (wire: Wire) => Wire | undefined>
}

export const createWorld = (simulation: Simulation<Wire>, nodes: readonly string[]): World => {
  const { clock, seed, trace } = simulation
  const directory = createDirectory()
  const logged: string[] = []
  const tampering: World['tampering'] = new Map()
  let requests = 0
  const note = (words: string): void => trace.note(`${clock.now().toFixed(3)} ${words}`)
  const log = (node: string, line: string): void => {
    // How long a request took is told by the real clock.
    const words = line.trimEnd().replace(/,"ms":\d+/, '')
    logged.push(`${node} ${words}`)
    note(`${node} logs ${words}`)
  }
  const cluster = createVirtualCluster<Wire, VirtualInstance>(simulation, nodes, (outside) => {
    directory.gone(outside.name)
    const tamper = (node: string) => (wire: Wire) => {
      const change = tampering.get(node)
      return change === undefined ? wire : change(wire)
    }
    return startVirtualInstance(outside, { seed, nodes, directory, log, tamper })
  })
  return {
    ...simulation,
    cluster,
    instance: (node) => cluster.program(node),
    browser: (address) => {
      const nextId = (): string => `request-${(requests += 1)}`
      return createBrowser({ after: clock.after, nextId, address })
    },
    during: async (work) => {
      const state = { isOver: false }
      const over = (): void => void (state.isOver = true)
      work.then(over, over)
      while (!state.isOver) await clock.settle(10)
      return work
    },
    note,
    logged,
    tampering,
  }
}
