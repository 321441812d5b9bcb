import { reasonOf } from '@grapevine/std'
import { builtFile } from './reaper/built-file.ts'
import type { ClusterNode } from './cluster-node.ts'
import { resolveConfig, type ClusterConfig, type ClusterOptions } from './config.ts'
import { createControlPanel, type ControlPanel } from './ipc/control-panel.ts'
import { createDisks } from './faults/disks.ts'
import { chooseDriver, lineOf } from './faults/driver-choice.ts'
import { ClusterStoppedError } from './errors.ts'
import type { DriverName, FaultDriver } from './faults/fault-driver.ts'
import { createFaults, type Faults } from './faults/faults.ts'
import { inProcessDriver } from './network/in-process-driver.ts'
import { namespaceDriver } from './network/namespaces/namespace-driver.ts'
import { probeUnder } from './network/namespaces/probe.ts'
import { createNodeLogs, type NodeLogs } from './process/node-logs.ts'
import { createClusterNodes, type ClusterNodes } from './cluster-nodes.ts'
import { openWorkspace, type Workspace } from './reaper/workspace.ts'

export interface Cluster extends Faults {
  /** How faults on links are done. */
  readonly driver: DriverName
  /** Why it is this driver. */
  readonly driverReason: string
  /** All nodes, by index, also those that are stopped. */
  readonly nodes: readonly ClusterNode[]
  /** @throws UnknownNodeError */
  node(nameOrIndex: string | number): ClusterNode
  /**
   * Adds a node; it is ready when this resolves, and the faults in force hold for it too. If it fails, nothing of the node
   * is left.
   *
   * @throws NodeStartError if it does not become ready.
   * @throws FaultTimeoutError if it, or another node, did not confirm the faults in force.
   */
  start(name?: string): Promise<ClusterNode>
  /** Stops all nodes and removes their folders. Nothing of the cluster is left when this resolves. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts the nodes, all at once, and resolves when all are ready.
 *
 * Whatever it throws, everything is ended and removed then.
 *
 * @throws InvalidOptionError for an option that is not allowed, before any node was started.
 * @throws NamespacesUnavailableError if they were asked for and are not possible here. Nothing was started.
 * @throws NodeStartError if a node does not become ready.
 * @throws FaultTimeoutError if a node is ready, and its process does not answer this one.
 * @throws SystemCommandError if `ip`, `mount` or another program that the options need has failed.
 * @throws ClusterStoppedError if the signal was aborted meanwhile; if it was before, what it was aborted with.
 * @throws ReaperError if the process that ends everything after this one is gone, or could not remove everything.
 * @throws NotBuiltError if the package was not built.
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const config = resolveConfig(options)
  const preload = builtFile('preload/preload.js')
  const workspace = await openWorkspace(options.signal)
  try {
    return await populate(config, preload, workspace)
  } catch (error) {
    await workspace.clear()
    throw error
  }
}

const populate = async (config: ClusterConfig, preload: URL, workspace: Workspace): Promise<Cluster> => {
  const { folder, reaper, ending } = workspace
  const panel = createControlPanel({ timeoutMs: config.faultTimeoutMs })
  const logs = createNodeLogs(config.logLines, config.onLine)
  const choice = await chooseDriver(config.faults, config.program.kind, async () => await probeUnder(reaper))
  if (choice.driver !== config.faults.name) config.say(lineOf(choice))
  const driver = await openDriver(choice.driver, { panel, logs, workspace })
  const disks = createDisks(folder, config.diskMb, reaper)
  const clusterNodes = createClusterNodes({ config, driver, panel, logs, preload, reaper, ending }, disks)
  const { extend, end, ...faults } = createFaults(clusterNodes, {
    driver,
    panel,
    disks,
    program: config.program.kind,
  })
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    end()
    await (stopping ??= shutDown(clusterNodes, workspace, [disks.close, driver.close]))
  }
  await clusterNodes.start(config.names.map((name) => clusterNodes.enrol(name)))
  // An aborted signal leaves nothing either. What fails of it is told to whoever stops the cluster as well.
  ending.addEventListener('abort', () => void stop().catch(() => undefined), { once: true })
  if (ending.aborted) await stop()

  return {
    ...faults,
    driver: driver.name,
    driverReason: choice.reason,
    get nodes() {
      return clusterNodes.nodes
    },
    node: (nameOrIndex) => clusterNodes.find(nameOrIndex),
    start: async (name) => {
      if (stopping !== undefined || ending.aborted) throw new ClusterStoppedError()
      const chosen = clusterNodes.enrol(name)
      try {
        // Before it runs, so that it is on its side of a partition from its first instant.
        await extend()
        await clusterNodes.start([chosen])
        await extend()
        return clusterNodes.find(chosen)
      } catch (error) {
        if (!ending.aborted) await withdraw(clusterNodes, chosen, error)
        throw error
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Nothing of a node that failed to start is to be left, neither a process nor a place in the ring nor a name. */
const withdraw = async (clusterNodes: ClusterNodes, node: string, cause: unknown): Promise<void> => {
  try {
    await clusterNodes.withdraw(node)
  } catch (error) {
    throw new AggregateError([cause, error], `${reasonOf(cause)}; and not all of it could be removed`, {
      cause: error,
    })
  }
}

const openDriver = async (
  name: DriverName,
  { panel, logs, workspace }: { panel: ControlPanel; logs: NodeLogs; workspace: Workspace },
): Promise<FaultDriver> => {
  if (name === 'namespaces') return await namespaceDriver(workspace.reaper)
  return inProcessDriver(panel, { random: Math.random, note: logs.note })
}

const shutDown = async (
  clusterNodes: ClusterNodes,
  workspace: Workspace,
  closing: readonly (() => Promise<void>)[],
): Promise<void> => {
  try {
    await Promise.all(clusterNodes.nodes.map((node) => node.stop()))
    for (const close of closing) await close()
  } finally {
    await workspace.clear()
  }
}
