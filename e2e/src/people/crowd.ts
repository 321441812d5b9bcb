import type { Cluster, ClusterNode } from '@grapevine/local-cluster'
import { crowdOf, exportUsers, importUsers } from '../cluster/admin.ts'
import { converged } from '../cluster/budget-cluster.ts'
import type { SignUps } from './sign-ups.ts'

export interface CrowdOptions {
  /** Who imports them. @default the first node */
  readonly node?: ClusterNode
  /** Who is to have them before this resolves. @default all nodes */
  readonly among?: readonly ClusterNode[]
  /** What their names begin with. @default 'crowd' */
  readonly prefix?: string
}

/**
 * Imports people on one node, as they would take minutes to sign up: all have the password of whoever signed up first,
 * and log in as anybody does. Resolves to how long that took, until the nodes have them, in milliseconds.
 */
export const addCrowd = async (
  cluster: Cluster,
  signUps: SignUps,
  count: number,
  { node = cluster.node(0), among = cluster.nodes, prefix = 'crowd' }: CrowdOptions = {},
): Promise<number> => {
  const [known] = signUps.acknowledged
  const hash = (await exportUsers(node)).find(({ username }) => username === known?.username)?.passwordHash
  if (known === undefined || hash === undefined) throw new Error('nobody has signed up yet')
  const since = performance.now()
  const crowd = crowdOf(count, prefix, hash)
  await importUsers(node, crowd)
  signUps.add(crowd.map(({ username }) => ({ username, password: known.password })))
  await converged(among, 60_000)
  return performance.now() - since
}
