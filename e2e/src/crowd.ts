import type { Cluster } from '@grapevine/local-cluster'
import { crowdOf, exportUsers, importUsers } from './admin.ts'
import { converged } from './budget-cluster.ts'
import type { SignUps } from './sign-ups.ts'

/**
 * Imports people on the first node, as they would take minutes to sign up: all have the password of whoever signed up first,
 * and log in as anybody does. Resolves to how long that took, until all nodes have them, in milliseconds.
 */
export const addCrowd = async (cluster: Cluster, signUps: SignUps, count: number): Promise<number> => {
  const node = cluster.node(0)
  const [known] = signUps.acknowledged
  const hash = (await exportUsers(node)).find(({ username }) => username === known?.username)?.passwordHash
  if (known === undefined || hash === undefined) throw new Error('nobody has signed up yet')
  const since = performance.now()
  const crowd = crowdOf(count, 'crowd', hash)
  await importUsers(node, crowd)
  signUps.add(crowd.map(({ username }) => ({ username, password: known.password })))
  await converged(cluster.nodes, 60_000)
  return performance.now() - since
}
