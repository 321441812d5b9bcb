import { eventually, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { status } from './budget-cluster.ts'
import { logInAtOnce, type Person } from './person.ts'
import type { SignUps } from './sign-ups.ts'

export interface CheckOptions {
  /** How long it may take until all hold the same, in milliseconds. */
  readonly within: number
  /** From when the time is counted, as of `performance.now()`. @default now */
  readonly since?: number
  /** Who is to log in on one node each; the digests say the same of the others. @default everybody */
  readonly sample?: number
}

/** More than one try at a time would only wait for each other's password hashes. */
const atOnce = 4

/** Parts (a), (b) and (d) of the check C as digests and numbers tell them, without a login. @returns as `checkAll` */
export const allHoldAll = async (
  { nodes }: Cluster,
  signUps: SignUps,
  { within, since = performance.now() }: CheckOptions,
): Promise<number> => {
  const least = signUps.acknowledged.length
  const most = least + signUps.unknown.length
  await eventually(
    async () => {
      const all = await Promise.all(nodes.map(async (node) => ({ node: node.name, ...(await status(node)) })))
      const seen = all.map(({ node, users, digest }) => `${node}: ${users} users, ${digest}`).join('\n')
      expect(new Set(all.map(({ digest }) => digest)).size, `digests differ\n${seen}`).toBe(1)
      expect(all[0]?.users, `fewer users than were acknowledged\n${seen}`).toBeGreaterThanOrEqual(least)
      expect(all[0]?.users, `more users than ever tried\n${seen}`).toBeLessThanOrEqual(most)
    },
    { within, every: 25 },
  )
  return performance.now() - since
}

/**
 * The check C, after each row of the matrix:
 * (a) every acknowledged sign-up is on every live node: their digests are equal, and each person logs in on one of them;
 * (b) all digests are equal;
 * (c) a real login works on every node;
 * (d) nobody exists whom no one signed up;
 * (e) no uncaught error, no unexpected exit.
 *
 * @returns how long it took from `since` until (a), (b) and (d) held, in milliseconds
 */
export const checkAll = async (
  cluster: Cluster,
  signUps: SignUps,
  options: CheckOptions,
): Promise<number> => {
  const took = await allHoldAll(cluster, signUps, options)
  await everybodyLogsIn(cluster, signUps.acknowledged, options.sample ?? Infinity)
  for (const node of cluster.nodes) {
    const who = signUps.acknowledged.at(-1)
    if (who !== undefined) await logInAtOnce(node, who)
    expectUnharmed(node)
  }
  return took
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

/** What no program should say, whatever is done to it. That its disk takes no writes it may, and should, report. */
const harmful = /uncaught|unhandled|"level":60|"a request failed"|^\s+at .+:\d+:\d+\)?$/i

const expectUnharmed = (node: ClusterNode): void => {
  expect(node.state, node.name).toEqual({ kind: 'running' })
  expect(
    node.log.filter((line) => harmful.test(line)),
    `${node.name} wrote of errors`,
  ).toEqual([])
}
