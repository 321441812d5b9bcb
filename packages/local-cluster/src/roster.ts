import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startNode, type ClusterNode } from './cluster-node.ts'
import { checkName, type NodePlace } from './config.ts'
import { UnknownNodeError } from './errors.ts'
import { freePorts } from './free-ports.ts'
import type { NodeDependencies } from './node-launch.ts'

/** A node, its name, or its index from 0. */
export type NodeRef = ClusterNode | string | number

/** The nodes of a cluster. */
export interface Roster {
  /** The nodes that were started, by index. */
  readonly nodes: readonly ClusterNode[]
  /** The names of all nodes, also of those that are being started. */
  readonly names: readonly string[]
  /** Gives a node a name and an index that are its own from now on. @throws OptionError */
  enrol(name?: string): string
  /** Starts enrolled nodes, all at once. @throws NodeStartError for the first that fails. */
  start(names: readonly string[]): Promise<ClusterNode[]>
  /** @throws UnknownNodeError */
  find(node: NodeRef): ClusterNode
}

export function createRoster(folder: string, dependencies: NodeDependencies): Roster {
  const names: string[] = []
  const ports: number[] = []
  const nodes = new Map<string, ClusterNode>()
  const started = (): ClusterNode[] => [...nodes.values()].sort((a, b) => a.index - b.index)

  const settle = async (chosen: readonly string[]): Promise<NodePlace[]> => {
    const free = await freePorts(chosen.length, ports)
    ports.push(...free)
    return chosen.map((name, position) => {
      const port = free[position] ?? 0
      return { name, index: names.indexOf(name), port, dataDir: join(folder, name) }
    })
  }

  const open = async (place: NodePlace): Promise<ClusterNode> => {
    await mkdir(place.dataDir)
    const node = await startNode(place, dependencies)
    nodes.set(place.name, node)
    return node
  }

  return {
    get nodes() {
      return started()
    },
    names,
    enrol: (name) => {
      const chosen = checkName('name', name ?? `node-${names.length + 1}`, names)
      names.push(chosen)
      return chosen
    },
    start: async (chosen) => await Promise.all((await settle(chosen)).map((place) => open(place))),
    find: (ref) => {
      const known = started()
      const found = known.find((node) => node === ref || node.name === ref || node.index === ref)
      if (found === undefined) throw new UnknownNodeError(typeof ref === 'object' ? ref.name : ref, names)
      return found
    },
  }
}
