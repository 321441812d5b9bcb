import { readFileSync } from 'node:fs'
import type { ClusterNode } from '@grapevine/local-cluster'

/** Memory that a node's process holds now, in MB. Linux. */
export const residentMb = (node: ClusterNode): number => {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1]
  return Number(kb ?? Number.NaN) / 1024
}
