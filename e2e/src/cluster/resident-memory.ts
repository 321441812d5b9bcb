import { readFileSync } from 'node:fs'
import type { ClusterNode } from '@grapevine/local-cluster'

/** Memory that a node's process holds now, in MB. Linux. */
export const residentMb = (node: ClusterNode): number => read(node, 'VmRSS')

/** The most that it ever held. */
export const peakResidentMb = (node: ClusterNode): number => read(node, 'VmHWM')

const read = ({ pid }: ClusterNode, field: string): number => {
  const kb = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1]
  return Number(kb ?? Number.NaN) / 1024
}
