import { eventually, type Cluster } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { status } from './budget-cluster.ts'

/** The two sides of five nodes. */
export const left = ['node-1', 'node-2', 'node-3'] as const
export const right = ['node-4', 'node-5'] as const

/** How long members may take to give up a link that carries nothing, in milliseconds, with much to spare. */
const patience = 15_000

/** Splits a cluster and waits until no node can send anything to those of another group: the split is in force. */
export const split = async (cluster: Cluster, ...groups: (readonly string[])[]): Promise<void> => {
  await cluster.partition(groups)
  await Promise.all(
    groups.map(
      async (group) => await unlinked(cluster, group, groups.filter((other) => other !== group).flat()),
    ),
  )
}

/** Waits until none of these nodes has a link to any of those. */
export const unlinked = async (
  cluster: Cluster,
  nodes: readonly string[],
  from: readonly string[],
): Promise<void> => {
  await eventually(
    async () => {
      for (const name of nodes) {
        const { links, members } = await status(cluster.node(name))
        const linked = members.filter(({ id }) => links.includes(id)).map((member) => member.name)
        expect(
          linked.filter((other) => from.includes(other)),
          `still linked to ${name}`,
        ).toEqual([])
      }
    },
    { within: patience },
  )
}
