import { createNodeLog, type NodeLog } from './node-log.ts'

/** The log of each node, kept through its restarts. */
export interface NodeLogs {
  of(node: string): NodeLog
  /** Adds a line of this package's own. */
  note(node: string, line: string): void
  /** The node is no more. */
  forget(node: string): void
}

export const createNodeLogs = (maxLines: number, onLine: (node: string, line: string) => void): NodeLogs => {
  const logs = new Map<string, NodeLog>()
  const of = (node: string): NodeLog => {
    const log = logs.get(node) ?? createNodeLog(maxLines, (line) => onLine(node, line))
    logs.set(node, log)
    return log
  }
  return {
    of,
    note: (node, line) => of(node).add(`[local-cluster] ${line}`),
    forget: (node) => void logs.delete(node),
  }
}
