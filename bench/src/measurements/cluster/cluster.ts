import { sleep } from '../../clock.ts'
import type { Supervisor } from '../../processes/supervisor.ts'
import type { Remote } from '../../processes/remote.ts'
import type { ClusterNodeCalls, NodeState } from '../../programs/cluster/cluster-node.ts'

export type ClusterNode = Remote<ClusterNodeCalls>

/** Starts members, a few at once, that find each other at the first three; resolves when each knows all as alive. */
export const startCluster = async (
  supervisor: Supervisor,
  count: number,
): Promise<readonly ClusterNode[]> => {
  const nodes: ClusterNode[] = []
  const seeds: string[] = []
  while (nodes.length < count) {
    const batch = Math.min(nodes.length < 3 ? 1 : 4, count - nodes.length)
    const started = await Promise.all(Array.from({ length: batch }, () => startNode(supervisor, [...seeds])))
    for (const { node, address } of started) {
      nodes.push(node)
      if (seeds.length < 3) seeds.push(address)
    }
  }
  await until(`${count} members that know each other`, async () =>
    (await statesOf(nodes)).every(({ members, reachable }) => members === count && reachable > 0),
  )
  return nodes
}

const startNode = async (
  supervisor: Supervisor,
  seeds: readonly string[],
): Promise<{ readonly node: ClusterNode; readonly address: string }> => {
  const node = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node')
  const { addresses } = await node.call('start', { folder: await supervisor.folder(), seeds })
  const [address] = addresses
  if (address === undefined) throw new Error('a member that listens nowhere')
  return { node, address }
}

export const statesOf = (nodes: readonly ClusterNode[]): Promise<readonly NodeState[]> =>
  Promise.all(nodes.map((node) => node.call('state')))

/** Resolves when all hold the same users, so many, and have not changed since the last look. */
export const untilEqual = async (
  nodes: readonly ClusterNode[],
  count: number,
): Promise<readonly NodeState[]> => {
  let states = await statesOf(nodes)
  await until('equal digests', async () => {
    const before = states
    states = await statesOf(nodes)
    const [first] = states
    return states.every(
      ({ digest, users, changedAt }, index) =>
        users === count && digest === first?.digest && changedAt === before[index]?.changedAt,
    )
  })
  return states
}

/** Asks again every 25 ms. @throws after two minutes */
export const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 4_800; attempt += 1) {
    if (await holds()) return
    await sleep(25)
  }
  throw new Error(`still not so after two minutes: ${what}`)
}
