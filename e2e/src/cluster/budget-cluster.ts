import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  eventually,
  startCluster,
  type Cluster,
  type ClusterNode,
  type ClusterOptions,
} from '@grapevine/local-cluster'
import { expect } from 'vitest'

export const budgetEntry: string = fileURLToPath(
  new URL('../../../apps/budget/dist/main.js', import.meta.url),
)

/** Settings of the app's own; every cluster has a name and a secret that no other test run has. */
export const budgetEnv = (extra: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  NODE_ENV: 'development',
  CLUSTER_NAME: `e2e-${randomBytes(4).toString('hex')}`,
  CLUSTER_SECRET: randomBytes(16).toString('hex'),
  CLUSTER_LISTEN: '/ip4/127.0.0.1/tcp/0',
  CLUSTER_DISCOVERY: 'mdns',
  LOG_LEVEL: 'debug',
  ...extra,
})

export interface ClusterJson {
  readonly self: { readonly id: string; readonly name: string }
  readonly members: readonly {
    readonly id: string
    readonly name: string
    readonly state: string
    /** Milliseconds that its clock is ahead, once measured. */
    readonly skew?: number
  }[]
  readonly view: 'whole' | 'majority' | 'minority'
  readonly digest: string
  readonly users: number
  /** Ids of the members that it can send to now. */
  readonly links: readonly string[]
}

/** Real instances of the budget app that found each other by mDNS; resolves when each sees all as alive. */
export const startBudget = async (
  nodes: number,
  options: Partial<Omit<ClusterOptions, 'entry' | 'nodes' | 'env'>> & { env?: Record<string, string> } = {},
): Promise<Cluster> => {
  const shared = budgetEnv(options.env)
  const said: string[] = []
  const cluster = await startCluster({
    entry: budgetEntry,
    startTimeoutMs: 40_000,
    ...options,
    nodes,
    onLine: (node, line) => {
      if (isComplaint.test(line)) said.push(`${node}: ${line}`)
      options.onLine?.(node, line)
    },
    env: ({ host }) => ({ ...shared, CLUSTER_LISTEN: `/ip4/${host}/tcp/0` }),
  })
  complaints.set(cluster, said)
  try {
    await everyNodeSees(cluster.nodes, nodes)
    return cluster
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

/**
 * What no program should say, whatever is done to it: that something was not caught, or its stack; that it has too many
 * listeners; an error of its log (50) or worse; and what local-cluster says of a process that ended by itself, or
 * would not end.
 */
const isComplaint =
  /uncaught|unhandled|MaxListeners|FATAL ERROR|"level":(50|60)|^\s+at .+:\d+:\d+\)?$|^\[local-cluster\] (SIGKILL|it ended by itself|told to stop)/i

const complaints = new WeakMap<Cluster, string[]>()

/** What the nodes of a cluster have complained of since this was last asked, each line after the name of its node. */
export const complaintsOf = (cluster: Cluster): string[] => complaints.get(cluster)?.splice(0) ?? []

export const status = async (node: ClusterNode): Promise<ClusterJson> => {
  const answer = await node.fetch('/cluster.json')
  return JSON.parse(await answer.text())
}

export const everyNodeSees = async (
  nodes: readonly ClusterNode[],
  alive: number,
  within = 15_000,
): Promise<void> => {
  await eventually(
    async () => {
      for (const node of nodes) {
        const { members } = await status(node)
        expect(
          members.filter(({ state }) => state === 'alive'),
          node.name,
        ).toHaveLength(alive)
      }
    },
    { within },
  )
}

/** All nodes hold the same, by digest. */
export const converged = async (nodes: readonly ClusterNode[], within: number): Promise<void> => {
  await eventually(
    async () => {
      const digests = await Promise.all(nodes.map(async (node) => (await status(node)).digest))
      expect(new Set(digests).size, digests.join('\n')).toBe(1)
    },
    { within },
  )
}
