import type { Cluster } from '@grapevine/local-cluster'
import { residentMb } from './resident-memory.ts'

/** What something cost the nodes of a cluster at most. */
export interface Cost {
  /** The longest that an event loop was held, in milliseconds, as the node itself measures it. */
  readonly stall: number
  /** How much more memory a node holds than before, in MB. */
  readonly grownMb: number
}

/** Does something and looks what it costs each node; some processes ended meanwhile count for nothing. */
export const costOf = async ({ nodes }: Pick<Cluster, 'nodes'>, act: () => Promise<void>): Promise<Cost> => {
  const before = nodes.map(residentMb)
  await Promise.all(nodes.map(longestStall))
  await act()
  const stalls = await Promise.all(nodes.map(longestStall))
  const grown = nodes.map((node, index) => residentMb(node) - (before[index] ?? 0))
  return { stall: Math.max(...stalls), grownMb: Math.max(...grown) }
}

/** Since it was asked last: asking begins anew. */
const longestStall = async (node: Cluster['nodes'][number]): Promise<number> => {
  const metrics = await (await node.fetch('/metrics')).text()
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1]
  return Number(seconds ?? Number.NaN) * 1_000
}

/** What its process has used of processors so far, in seconds. */
export const cpuSeconds = async (node: Cluster['nodes'][number]): Promise<number> => {
  const metrics = await (await node.fetch('/metrics')).text()
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1] ?? Number.NaN)
}

export const showCost = ({ stall, grownMb }: Cost): string =>
  `longest stall ${Math.round(stall)} ms, memory ${grownMb >= 0 ? '+' : ''}${Math.round(grownMb)} MB`
