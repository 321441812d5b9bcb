import { monotonic, sleep } from '../../clock.ts'
import { usageOf } from '../../processes/usage.ts'
import type { Contestant, Context, Measurement } from '../../measurement.ts'
import { startCluster, statesOf, type ClusterNode } from './cluster.ts'

const few = '3 members'
const many = '50 members'

export const idle: Measurement = {
  name: 'idle',
  title: 'What a member costs that has nothing to do',
  how:
    'Clusters of 3 and of 50 processes, all on this machine, all linked and quiet. CPU is user and system time of ' +
    'all processes, as Linux counts it; bytes are what all their sockets carry both ways (so each byte counts at its ' +
    'sender and at its receiver); both per member and second.',
  comparisons: (['cpu', 'bytes'] as const).map((reading) => ({
    what: reading === 'cpu' ? 'idle CPU per member' : 'idle traffic per member',
    unit: reading === 'cpu' ? 'ms/s' : 'B/s',
    subject: { contestant: many, reading },
    relation: 'ratio',
    rival: { contestant: few, reading },
    reach: { type: 'at most', value: 1.5 },
  })),
  prepare: async (context) => [
    await contestant(few, 3, context),
    await contestant(many, context.pick({ quick: 6, full: 50 }), context),
  ],
}

const contestant = async (name: string, count: number, context: Context): Promise<Contestant> => {
  const { supervisor, pick, progress } = context
  const nodes = await startCluster(supervisor, count)
  progress(`${count} members know each other`)
  await sleep(pick({ quick: 1_000, full: 15_000 }))
  return { type: 'present', name, run: () => watch(nodes, pick({ quick: 3_000, full: 10_000 })) }
}

const watch = async (
  nodes: readonly ClusterNode[],
  ms: number,
): Promise<{ readonly cpu: number; readonly bytes: number }> => {
  await Promise.all(nodes.map((node) => node.call('forget')))
  const [cpuBefore, begun] = [await cpuOf(nodes), monotonic()]
  await sleep(ms)
  const [cpuAfter, states] = [await cpuOf(nodes), await statesOf(nodes)]
  const seconds = (monotonic() - begun) / 1000
  const bytes = states.reduce((sum, state) => sum + state.bytes, 0)
  return {
    cpu: (cpuAfter - cpuBefore) / seconds / nodes.length,
    bytes: bytes / seconds / nodes.length,
  }
}

const cpuOf = async (nodes: readonly ClusterNode[]): Promise<number> => {
  const usages = await Promise.all(nodes.map(({ pid }) => usageOf(pid)))
  return usages.reduce((sum, { cpu }) => sum + cpu, 0)
}
