import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { status } from '../cluster/budget-cluster.ts'
import { checkAll } from '../cluster/check.ts'
import { ms, type Stage } from '../matrix.ts'

/** What X may be, in milliseconds; the check waits longer, so that a miss says by how much. */
export const target: number = 5_000
export const patience: number = 60_000

export const healed = async ({ cluster, signUps }: Stage): Promise<string> => {
  const since = performance.now()
  await cluster.heal()
  const took = await checkAll(cluster, signUps, { within: patience, since, sample: 60 })
  expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(target)
  return `X ${ms(took)}`
}

export const nodesOf = ({ cluster }: Stage, names: readonly string[]): ClusterNode[] =>
  names.map((name) => cluster.node(name))

/** Lets people sign up, so many on each of these groups of nodes, and tells why some were not acknowledged. */
export const signUpOn = async (
  { signUps }: Stage,
  count: number,
  ...groups: (readonly ClusterNode[])[]
): Promise<string[]> => {
  const before = signUps.unknown.length
  await Promise.all(groups.map(async (nodes) => await signUps.many(count, nodes)))
  return signUps.unknown.slice(before).map(({ why }) => why)
}

/** The same while a fault lasts, which may cost some, yet not most. */
export const during = async (
  stage: Stage,
  forMs: number,
  count: number,
  nodes: readonly ClusterNode[],
): Promise<string> => {
  const over = delay(forMs)
  const failed = await signUpOn(stage, count, nodes)
  await over
  expect(failed.length, `sign-ups that failed: ${failed.join(', ')}`).toBeLessThan(count / 2)
  return `${count - failed.length} of ${count} acknowledged meanwhile`
}

/** What these nodes say of members that are not alive while something is done, each thing once. However that ends, nobody looks on. */
export const notAliveWhile = async (
  nodes: readonly ClusterNode[],
  act: () => Promise<void>,
): Promise<string[]> => {
  const said = new Set<string>()
  const over = new AbortController()
  const look = async (): Promise<void> => {
    while (!over.signal.aborted) {
      for (const node of nodes)
        for (const { name, state } of (await status(node)).members)
          if (state !== 'alive') said.add(`${node.name} says ${name} is ${state}`)
      await delay(100)
    }
  }
  await Promise.all([look(), act().finally(() => over.abort())])
  return [...said]
}
