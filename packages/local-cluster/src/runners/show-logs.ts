import { onTestFailed } from 'vitest'
import type { Cluster } from '../cluster.ts'

export interface ShowLogsOptions {
  /** Newest lines of each node, 1 and more. @default 50 */
  readonly lines?: number
  /** Where to. @default standard error */
  readonly write?: (text: string) => void
}

/** Call it in a test, or in `beforeEach`: if the test fails, what the nodes have written last is shown; else nothing is. */
export const showLogsOnFailure = (
  cluster: Pick<Cluster, 'nodes'>,
  { lines = 50, write = (text) => void process.stderr.write(text) }: ShowLogsOptions = {},
): void => {
  onTestFailed(() => write(renderLogs(cluster, lines)))
}

export const renderLogs = (cluster: Pick<Cluster, 'nodes'>, lines: number): string => {
  const parts = cluster.nodes.map(({ name, state, log }) => {
    const shown = log.slice(-lines)
    const left = log.length - shown.length
    const head = `--- ${name} (${state.kind}${left > 0 ? `, ${left} lines before` : ''})`
    return [head, ...shown].join('\n')
  })
  return `${parts.join('\n')}\n`
}
