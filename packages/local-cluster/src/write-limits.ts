import type { ClusterNode } from './cluster-node.ts'
import { systemCommand } from './system-command.ts'

/** Makes writes to files fail, by the limit that the system has for the size of files. */
export interface WriteLimits {
  /** Every write of the node's running process to a file fails from now on. A process started later is not subject to it. */
  refuse(node: ClusterNode): Promise<void>
  /** Writes succeed again. */
  lift(): Promise<void>
}

export function createWriteLimits(): WriteLimits {
  const refused = new Map<number, ClusterNode>()
  return {
    refuse: async (node) => {
      refused.set(node.pid, node)
      await limit(node.pid, '0')
    },
    lift: async () => {
      const limited = [...refused]
      refused.clear()
      for (const [pid, node] of limited) {
        if (node.pid === pid && node.state.kind !== 'exited') await limit(pid, 'unlimited')
      }
    },
  }
}

/** Only the soft limit, which whoever runs the process may raise again. */
async function limit(pid: number, bytes: string): Promise<void> {
  await systemCommand('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
}
