import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { clusterPort, usersReplica, type ReplicaSaid } from '../cluster/admin.ts'
import { budgetEnv, converged, status } from '../cluster/budget-cluster.ts'
import { checkAll } from '../cluster/check.ts'
import { ms, type Stage } from '../matrix.ts'
import { showCost, type Cost } from '../cluster/watch.ts'
import { startPuppet, type Puppet } from './puppet.ts'

/** Of the cluster that is attacked. */
export const env: Record<string, string> = budgetEnv({
  NODE_OPTIONS: `--import ${fileURLToPath(new URL('../../fixtures/tell-topics.mjs', import.meta.url))}`,
})
export const topic: string = 'users'
export const protocol: string = `facts/1/${topic}`

/**
 * What a node may be held, in milliseconds, and grow, in MB: 100 where the three nodes and whoever attacks them have a processor
 * each; in proportion where they share.
 */
const stallTarget = 100 * Math.max(1, 4 / availableParallelism())
export const growthTarget: number = 64

export const puppetAt = async (
  { cluster }: Stage,
  name: string,
  { secret = env['CLUSTER_SECRET'] ?? '', port }: { readonly secret?: string; readonly port?: number } = {},
): Promise<Puppet> =>
  await startPuppet({
    name,
    secret,
    cluster: env['CLUSTER_NAME'] ?? '',
    seeds: [`127.0.0.1:${port ?? (await clusterPort(cluster.node(0)))}`],
    topics: [topic],
  })

/** A member in good standing, so far. */
export const insider = async (stage: Stage, name: string): Promise<Puppet> => {
  const puppet = await puppetAt(stage, name)
  try {
    const all = await Promise.all(stage.cluster.nodes.map(idOf))
    const linked = async (): Promise<void> =>
      expect(await puppet.links()).toEqual(expect.arrayContaining(all))
    await eventually(linked, { within: 15_000 })
    return puppet
  } catch (error) {
    await puppet[Symbol.asyncDispose]()
    throw error
  }
}

/** Somebody is there to be attacked, and to log in afterwards, whichever rows are played. */
export const settled = async ({ cluster, signUps }: Stage): Promise<void> => {
  if (signUps.acknowledged.length === 0) await signUps.many(cluster.nodes.length, cluster.nodes)
  await converged(cluster.nodes, 10_000)
}

/** Lines in the log of a node, of its JSON fields, that are about a peer. */
export const saidOf = (node: ClusterNode, peer: string, message: string): { readonly reason: string }[] =>
  node.log.flatMap((line) => {
    if (!line.includes(peer) || !line.includes(message)) return []
    const said = JSON.parse(line)
    return said.peer === peer && said.msg === message ? [said] : []
  })

export const idOf = async (node: ClusterNode): Promise<string> => (await status(node)).self.id

export const counted = async ({ cluster }: Stage): Promise<ReplicaSaid[]> =>
  await Promise.all(cluster.nodes.map(usersReplica))

export const sumOf = (said: readonly ReplicaSaid[], of: (one: ReplicaSaid) => number): number =>
  said.reduce((sum, one) => sum + of(one), 0)

export const refusedBy = (said: readonly ReplicaSaid[]): number => sumOf(said, ({ refused }) => refused)
export const turnedAwayBy = (said: readonly ReplicaSaid[]): number =>
  sumOf(said, ({ refused, dropped }) => refused + dropped)

/** What each node holds, a line for each. */
export const contentOf = async ({ cluster }: Stage): Promise<string> => {
  const lines = cluster.nodes.map(async (node) => {
    const { users, digest } = await status(node)
    return `${node.name}: ${users} users, ${digest}`
  })
  return (await Promise.all(lines)).join('\n')
}

export const expectCheap = (cost: Cost): void => {
  expect(cost.stall, showCost(cost)).toBeLessThanOrEqual(stallTarget)
  expect(cost.grownMb, showCost(cost)).toBeLessThan(growthTarget)
}

export const isGood = async ({ cluster, signUps }: Stage): Promise<string> =>
  `X ${ms(await checkAll(cluster, signUps, { within: 15_000, sample: 10 }))}`
