import type { Cluster } from '../cluster.ts'

/** The newest lines of all nodes. */
export const renderLogs = (cluster: Pick<Cluster, 'nodes'>, lines: number): string => {
  const parts = cluster.nodes.map(({ name, state, log }) => {
    const shown = log.slice(-lines)
    const left = log.length - shown.length
    const head = `--- ${name} (${state.kind}${left > 0 ? `, ${left} lines before` : ''})`
    return [head, ...shown].join('\n')
  })
  return `${parts.join('\n')}\n`
}
