import { onTestFailed } from 'vitest'
import type { Cluster } from '../cluster.ts'
import { renderLogs } from './render-logs.ts'

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
