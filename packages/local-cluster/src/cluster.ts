import { builtFile } from './built-file.ts'
import type { ClusterNode } from './cluster-node.ts'
import { resolveConfig, type ClusterConfig, type ClusterOptions } from './config.ts'
import { ClusterStoppedError } from './errors.ts'
import { inProcessDriver } from './in-process-driver.ts'
import { createLinkFaults } from './link-faults.ts'
import { createRoster, type NodeRef, type Roster } from './roster.ts'
import { openSite, type Site } from './site.ts'

export interface Cluster {
  /** All nodes, by index, also those that are stopped. */
  readonly nodes: readonly ClusterNode[]
  /** @throws UnknownNodeError */
  node(nameOrIndex: string | number): ClusterNode
  /** Adds a node; it is ready when this resolves. The faults in force hold for it too. @throws NodeStartError */
  start(name?: string): Promise<ClusterNode>
  /**
   * Nodes of different groups cannot talk any more. Nodes that no group names, also later ones, form one further group.
   * It takes the place of all faults on links before it. Like the other faults, it is in force when this resolves.
   */
  partition(groups: readonly (readonly NodeRef[])[]): Promise<void>
  /** One node cannot talk to any other any more. Adds to the faults in force. */
  isolate(node: NodeRef): Promise<void>
  /** Two nodes cannot talk to each other any more. Adds to the faults in force. */
  cut(a: NodeRef, b: NodeRef): Promise<void>
  /** Undoes all faults: every link is allowed, paused nodes go on. Killed and stopped nodes stay so. */
  heal(): Promise<void>
  /** Stops all nodes and removes their folders. Nothing of the cluster is left when this resolves. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts the nodes, all at once, and resolves when all are ready.
 *
 * @throws OptionError before anything was started.
 * @throws NodeStartError if a node does not become ready. Everything is ended and removed then.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const config = resolveConfig(options)
  const preload = builtFile('preload.js')
  const site = await openSite(options.signal)
  try {
    return await populate(config, preload, site)
  } catch (error) {
    await site.clear()
    throw error
  }
}

async function populate(config: ClusterConfig, preload: URL, site: Site): Promise<Cluster> {
  const driver = inProcessDriver({ preload, timeoutMs: config.faultTimeoutMs })
  const roster = createRoster(site.folder, { config, driver, reaper: site.reaper, ending: site.ending })
  const faults = createLinkFaults(roster, driver)
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => await (stopping ??= shutDown(roster, site))
  await roster.start(config.names.map((name) => roster.enrol(name)))

  return {
    get nodes() {
      return roster.nodes
    },
    node: (nameOrIndex) => roster.find(nameOrIndex),
    start: async (name) => {
      if (stopping !== undefined || site.ending.aborted) throw new ClusterStoppedError()
      const chosen = roster.enrol(name)
      // Before it runs, so that it is on its side of a partition from its first instant.
      await faults.extend()
      await roster.start([chosen])
      await faults.extend()
      return roster.find(chosen)
    },
    partition: async (groups) => await faults.partition(groups),
    isolate: async (node) => await faults.isolate(node),
    cut: async (a, b) => await faults.cut(a, b),
    heal: async () => {
      try {
        await faults.clear()
      } finally {
        await resumeAll(roster)
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function resumeAll(roster: Roster): Promise<void> {
  const paused = roster.nodes.filter((node) => node.state.kind === 'paused')
  await Promise.all(paused.map((node) => node.resume()))
}

async function shutDown(roster: Roster, site: Site): Promise<void> {
  try {
    await Promise.all(roster.nodes.map((node) => node.stop()))
  } finally {
    await site.clear()
  }
}
