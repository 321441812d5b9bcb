import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidOptionError, shown } from '@grapevine/std'
import { allSteps } from './faults/all-steps.ts'
import { startNode, type ClusterNode } from './cluster-node.ts'
import { checkName, type NodePlace } from './config.ts'
import type { Disks } from './faults/disks.ts'
import { UnknownNodeError } from './errors.ts'
import { freePorts } from './process/free-ports.ts'
import type { NodeDependencies } from './process/node-launch.ts'

/** A node, its name, or its index from 0. */
export type NodeRef = ClusterNode | string | number

/** The nodes of a cluster. */
export interface ClusterNodes {
  /** The nodes that were started, by index. */
  readonly nodes: readonly ClusterNode[]
  /** The names of all nodes, by index, also of those that are being started. */
  readonly names: readonly string[]
  /** Gives a node a name and an index that are its own from now on. @throws InvalidOptionError */
  enrol(name?: string): string
  /** Starts enrolled nodes, all at once. @throws NodeStartError for the first that fails. */
  start(names: readonly string[]): Promise<ClusterNode[]>
  /**
   * Ends and forgets a node whose start failed: its folder is removed, and then its name and index are free again. All is
   * tried; what failed first is thrown.
   */
  withdraw(name: string): Promise<void>
  /** @throws UnknownNodeError */
  find(node: NodeRef): ClusterNode
}

export const createClusterNodes = (shared: Omit<NodeDependencies, 'places'>, disks: Disks): ClusterNodes => {
  const indexes = new Map<string, number>()
  const places = new Map<string, NodePlace>()
  const nodes = new Map<string, ClusterNode>()
  const dependencies: NodeDependencies = { ...shared, places: () => byIndex(places.values()) }
  const names = (): string[] => [...indexes.keys()].sort((a, b) => indexOf(a) - indexOf(b))
  const indexOf = (name: string): number => indexes.get(name) ?? -1

  const settle = async (name: string, freePort: number): Promise<NodePlace> => {
    const index = indexOf(name)
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

  /** All places are known before the first node starts: it may be told where the others will be. */
  const take = (settled: readonly NodePlace[]): void => {
    for (const place of settled) {
      checkAddress(place, [...places.values()])
      places.set(place.name, place)
    }
  }

  const open = async (place: NodePlace): Promise<ClusterNode> => {
    const node = await startNode(place, dependencies)
    nodes.set(place.name, node)
    return node
  }

  /** Last of all: another node may take the name and the index at once. */
  const release = (name: string): void => {
    for (const table of [nodes, places, indexes]) table.delete(name)
    shared.logs.forget(name)
  }

  return {
    get nodes() {
      return byIndex(nodes.values())
    },
    get names() {
      return names()
    },
    enrol: (name) => {
      const index = firstFree((candidate) => [...indexes.values()].includes(candidate))
      const number = firstFree((candidate) => indexes.has(`node-${candidate}`), index + 1)
      const chosen = checkName('name', name ?? `node-${number}`, names())
      indexes.set(chosen, index)
      return chosen
    },
    start: async (chosen) => {
      const taken = [...places.values()].map(({ port }) => port)
      const ports = await freePorts(chosen.length, taken)
      take(await Promise.all(chosen.map(async (name, at) => await settle(name, ports[at] ?? 0))))
      const settled = byIndex(places.values()).filter(({ name }) => chosen.includes(name))
      return await Promise.all(settled.map((place) => open(place)))
    },
    withdraw: async (name) =>
      await allSteps([
        async () => void (await nodes.get(name)?.kill()),
        async () => await shared.driver.withdraw(name),
        async () => await disks.remove(name),
        async () => release(name),
      ]),
    find: (ref) => {
      const known = byIndex(nodes.values())
      const found = known.find((node) => node === ref || node.name === ref || node.index === ref)
      if (found === undefined) throw new UnknownNodeError(typeof ref === 'object' ? ref.name : ref, names())
      return found
    },
  }
}

const byIndex = <T extends NodePlace>(some: Iterable<T>): T[] => [...some].sort((a, b) => a.index - b.index)

const firstFree = (isTaken: (candidate: number) => boolean, from = 0): number => {
  let candidate = from
  while (isTaken(candidate)) candidate++
  return candidate
}

const checkAddress = (place: NodePlace, others: readonly NodePlace[]): void => {
  const same = others.find(({ host, port }) => host === place.host && port === place.port)
  if (same !== undefined)
    throw new InvalidOptionError(
      'place',
      shown(place.port),
      `a port that no other node has (${same.name} has it)`,
    )
}
