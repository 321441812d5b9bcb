/**
 * For vitest: matchers, and the logs of a cluster's nodes when a test fails. Importing it adds the matchers.
 *
 * ```ts
 * import '@grapevine/local-cluster/vitest'
 *
 * await expect(cluster).toConverge((node) => node.json('/notes'), { within: 3_000 })
 * await expect(cluster.node(0)).toHaveMembers(['node-1', 'node-2'], (node) => namesOf(node), { within: 3_000 })
 * ```
 *
 * @packageDocumentation
 */

import { expect } from 'vitest'
import { matchers, type ClusterMatchers } from './matchers.ts'

export { matchers, type ClusterMatchers, type Nodes, type Reading, type WithinOptions } from './matchers.ts'
export { showLogsOnFailure } from './show-logs.ts'

expect.extend(matchers)

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-empty-object-type -- that is how vitest takes in matchers
  interface Matchers<T> extends ClusterMatchers<T> {}
}
