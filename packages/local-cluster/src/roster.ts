import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startNode, type ClusterNode } from './cluster-node.ts'
import { checkName, type NodePlace } from './config.ts'
import type { Disks } from './disks.ts'
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

export function createRoster(shared: Omit<NodeDependencies, 'places'>, disks: Disks): Roster {
  const names: string[] = []
  const places = new Map<string, NodePlace>()
  const nodes = new Map<string, ClusterNode>()
  const byIndex = <T extends NodePlace>(some: Iterable<T>): T[] => [...some].sort((a, b) => a.index - b.index)
  const dependencies: NodeDependencies = { ...shared, places: () => byIndex(places.values()) }

  const settle = async (name: string, freePort: number): Promise<NodePlace> => {
    const index = names.indexOf(name)
    const fixed = shared.config.place({ name, index })
    const port = fixed.port ?? freePort
    const host = await shared.driver.settle({ name, index, port })
    return { name, index, host, port, dataDir: await folderOf(name, fixed.dataDir) }
  }

  const folderOf = async (name: string, kept: string | undefined): Promise<string> => {
    if (kept === undefined) return await disks.open(name)
    await mkdir(kept, { recursive: true })
    return resolve(kept)
  }

  const open = async (place: NodePlace): Promise<ClusterNode> => {
    const node = await startNode(place, dependencies)
    nodes.set(place.name, node)
    return node
  }

  return {
    get nodes() {
      return byIndex(nodes.values())
    },
    names,
    enrol: (name) => {
      const chosen = checkName('name', name ?? `node-${names.length + 1}`, names)
      names.push(chosen)
      return chosen
    },
    start: async (chosen) => {
      const taken = [...places.values()].map(({ port }) => port)
      const ports = await freePorts(chosen.length, taken)
      const settled = await Promise.all(chosen.map(async (name, at) => await settle(name, ports[at] ?? 0)))
      // All places are known before the first node starts: it may be told where the others will be.
      for (const place of settled) places.set(place.name, place)
      return await Promise.all(settled.map((place) => open(place)))
    },
    find: (ref) => {
      const known = byIndex(nodes.values())
      const found = known.find((node) => node === ref || node.name === ref || node.index === ref)
      if (found === undefined) throw new UnknownNodeError(typeof ref === 'object' ? ref.name : ref, names)
      return found
    },
  }
}
