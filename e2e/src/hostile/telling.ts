import type { ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { usersReplica } from '../cluster/admin.ts'
import { complaintsOf, converged } from '../cluster/budget-cluster.ts'
import type { Stage } from '../matrix.ts'
import { logInAtOnce, person, signUp } from '../people/person.ts'
import { numberOf } from './wire/fact-wire.ts'
import { idOf, topic } from './stage.ts'
import type { Puppet } from './puppet.ts'

/** Members ask each other about the users by this. */
export const facts: string = `facts/1/${topic}`

/** An answer that says that the facts are held. */
const stored = 65

export const tell = async (liar: Puppet, node: ClusterNode, bytes: Uint8Array): Promise<void> =>
  expect(numberOf(await liar.request(await idOf(node), facts, bytes)), 'the answer to a store').toBe(stored)

/** Who signs up on any node logs in on all others; nobody honest is cut off; nobody complained. */
export const goesOn = async ({ cluster }: Stage, name: string): Promise<void> => {
  for (const [index, node] of cluster.nodes.entries()) await signUp(node, person(`${name}-${index}`))
  await converged(cluster.nodes, 10_000)
  for (const node of cluster.nodes)
    for (const index of cluster.nodes.keys()) await logInAtOnce(node, person(`${name}-${index}`))
  const ids = new Set(await Promise.all(cluster.nodes.map(idOf)))
  for (const node of cluster.nodes) {
    const { cutOff, diverged } = await usersReplica(node)
    expect(
      [...cutOff, ...diverged].filter((id) => ids.has(id)),
      `honest members that ${node.name} holds to account`,
    ).toEqual([])
  }
  expect(complaintsOf(cluster)).toEqual([])
}
