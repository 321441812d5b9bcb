import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contestant, Context, Readings } from '../../measurement.ts'
import type { ClusterNodeCalls } from '../../programs/cluster/cluster-node.ts'
import type { YjsPairCalls } from '../../programs/yjs/yjs-pair.ts'
import { untilEqual, type ClusterNode } from './cluster.ts'

/** What both sides of a split know, and what each has learnt alone. */
export interface Split {
  readonly shared: number
  readonly own: number
}

/** Two members that were never linked, started from copies of one disk, are linked. */
export const healWithGrapevine = async (
  name: string,
  { supervisor, progress }: Context,
  { shared, own }: Split,
): Promise<Contestant> => {
  const original = await supervisor.folder()
  if (shared > 0) {
    progress(`${shared} users on disk`)
    const filler = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node')
    await filler.call('start', { folder: original, discoveryWindow: 0 })
    await filler.call('fill', { from: 0, count: shared })
    await filler.stop()
  }
  const startSide = async (from: number): Promise<{ node: ClusterNode; addresses: readonly string[] }> => {
    const folder = await supervisor.folder()
    // The users, and not who it is.
    // The lock is of the process that filled it, and a socket, which cannot be copied.
    const filter = (path: string): boolean => !path.endsWith('.lock')
    if (shared > 0) await cp(join(original, 'users'), join(folder, 'users'), { recursive: true, filter })
    const node = supervisor.spawn<ClusterNodeCalls>('cluster/cluster-node')
    const { addresses } = await node.call('start', { folder, discoveryWindow: 0 })
    await node.call('fill', { from, count: own })
    await node.call('forget')
    await node.call('watchStalls')
    return { node, addresses }
  }
  return {
    type: 'present',
    name,
    run: async () => {
      const left = await startSide(shared)
      const right = await startSide(shared + own)
      const readings = await heal(left.node, right.node, right.addresses, shared + 2 * own)
      await Promise.all([left.node.stop(), right.node.stop()])
      return readings
    },
  }
}

const heal = async (
  left: ClusterNode,
  right: ClusterNode,
  addresses: readonly string[],
  users: number,
): Promise<Readings> => {
  await left.call('link', addresses)
  const states = await untilEqual([left, right], users)
  const linkedAt = Math.min(...states.map(({ linkedAt }) => linkedAt ?? Infinity))
  const changedAt = Math.max(...states.map(({ changedAt }) => changedAt))
  return {
    milliseconds: changedAt - linkedAt,
    // What one side has sent the other has received: one of them counts it all.
    bytes: states[0]?.bytes ?? 0,
    stall: Math.max(...states.map(({ stall }) => stall)),
  }
}

export const healWithYjs = async (
  names: { readonly everything?: string; readonly difference?: string },
  { supervisor }: Context,
  split: Split,
): Promise<readonly Contestant[]> => {
  const pair = supervisor.spawn<YjsPairCalls>('yjs/yjs-pair')
  await pair.call('prepare', split)
  return (['everything', 'difference'] as const).flatMap((kind) => {
    const name = names[kind]
    return name === undefined
      ? []
      : [{ type: 'present' as const, name, run: async () => ({ ...(await pair.call(kind)) }) }]
  })
}
