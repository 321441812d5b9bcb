import { eventually, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { exportUsers, nodeStatus } from './admin.ts'
import { complaintsOf } from './budget-cluster.ts'
import { logInAtOnce, type Person } from '../people/person.ts'
import type { SignUps } from '../people/sign-ups.ts'

export interface CheckOptions {
  /** How long it may take until all hold the same, in milliseconds. */
  readonly within: number
  /** From when the time is counted, as of `performance.now()`. @default now */
  readonly since?: number
  /** How many are to log in, on one node each; that all are there, their names say. @default everybody */
  readonly sample?: number
  /** What nodes may complain of since the last check: what was done to them on purpose. @default nothing */
  readonly expected?: RegExp
}

/** What a node may complain of whose disk was filled, or failed. */
export const diskTakesNoWrites: RegExp =
  /the disk does not take writes|the disk does not keep what|attempts are kept in memory only/

/** More than one try at a time would only wait for each other's password hashes. */
const atOnce = 4

/**
 * Waits until all nodes hold the same of everything that is replicated, nothing is pending, still to be deleted or diverged, and
 * there are as many users as signed up.
 *
 * @returns how long it took from `since`, in milliseconds
 */
export const allAgree = async (
  { nodes }: Cluster,
  signUps: SignUps,
  { within, since = performance.now() }: CheckOptions,
): Promise<number> => {
  const least = signUps.acknowledged.length
  const most = least + signUps.unknown.length
  await eventually(
    async () => {
      const all = await Promise.all(nodes.map(nodeStatus))
      const seen = all
        .map(({ self, users, content }) => `${self.name}: ${users} users, ${content}`)
        .join('\n')
      expect(new Set(all.map(({ content }) => content)).size, `digests differ\n${seen}`).toBe(1)
      expect(all[0]?.users, `fewer users than were acknowledged\n${seen}`).toBeGreaterThanOrEqual(least)
      expect(all[0]?.users, `more users than ever tried\n${seen}`).toBeLessThanOrEqual(most)
      for (const { self, replicas } of all)
        for (const [name, { pending, purging, diverged }] of Object.entries(replicas))
          expect({ pending, purging, diverged }, `${name} of ${self.name}`).toEqual(nothingLeft)
    },
    { within, every: 25 },
  )
  return performance.now() - since
}

const nothingLeft = { pending: 0, purging: 0, diverged: [] }

/**
 * The check C, after each row of the matrix:
 * (a) every acknowledged sign-up is on every live node;
 * (b) all digests are equal, and nothing is pending;
 * (c) a real login works on every node;
 * (d) nobody exists whom no one signed up;
 * (e) no uncaught error, no unexpected exit.
 *
 * @returns how long it took from `since` until all agreed, in milliseconds
 */
export const checkAll = async (
  cluster: Cluster,
  signUps: SignUps,
  options: CheckOptions,
): Promise<number> => {
  const took = await allAgree(cluster, signUps, options)
  for (const node of cluster.nodes) await expectEverybody(node, signUps)
  await everybodyLogsIn(cluster, signUps.acknowledged, options.sample ?? Infinity)
  for (const node of cluster.nodes) {
    const who = signUps.acknowledged.at(-1)
    if (who !== undefined) await logInAtOnce(node, who)
    expect(node.state, node.name).toEqual({ kind: 'running' })
  }
  const unexpected = complaintsOf(cluster).filter((line) => options.expected?.test(line) !== true)
  expect(unexpected, 'complaints').toEqual([])
  return took
}

/** All who were acknowledged, and of the others only those who tried. */
const expectEverybody = async (node: ClusterNode, { acknowledged, unknown }: SignUps): Promise<void> => {
  const names = new Set((await exportUsers(node)).map(({ username }) => username))
  const lost = acknowledged.filter(({ username }) => !names.has(username))
  expect(
    lost.map(({ username }) => username),
    `acknowledged, and lost on ${node.name}`,
  ).toEqual([])
  for (const { username } of acknowledged) names.delete(username)
  for (const { who } of unknown) names.delete(who.username)
  expect([...names], `made up by ${node.name}`).toEqual([])
}

const everybodyLogsIn = async (
  cluster: Cluster,
  people: readonly Person[],
  sample: number,
): Promise<void> => {
  const stride = Math.max(1, Math.ceil(people.length / sample))
  const chosen = people.filter((_, index) => index % stride === 0)
  const client = async (): Promise<void> => {
    for (let who = chosen.pop(); who !== undefined; who = chosen.pop()) {
      const node = cluster.nodes[chosen.length % cluster.nodes.length]
      if (node !== undefined) await logInAtOnce(node, who)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
}
