/**
 * For Jest, as an ES module and by `require`: matchers. Importing it adds them to the global `expect`.
 *
 * ```js
 * require('@grapevine/local-cluster/jest')
 *
 * await expect(cluster).toConverge((node) => node.json('/notes'), { within: 3_000 })
 * ```
 *
 * @packageDocumentation
 */
import { matchers, type ClusterMatchers } from './matchers.ts'

export { matchers, type ClusterMatchers, type Nodes, type Reading, type WithinOptions } from './matchers.ts'
export { renderLogs } from './render-logs.ts'

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- that is how Jest takes in matchers
  namespace jest {
    // oxlint-disable-next-line typescript/no-empty-object-type
    interface Matchers<R> extends ClusterMatchers<R> {}
  }
}

/** What this needs of the `expect` that Jest puts into each test file. */
interface Expect {
  extend(matchers: object): void
}

const expect: unknown = Reflect.get(globalThis, 'expect')

const isExpect = (value: unknown): value is Expect => typeof value === 'function' && 'extend' in value

if (!isExpect(expect))
  throw new Error(
    '@grapevine/local-cluster/jest: there is no global expect. With injectGlobals: false, hand matchers to expect.extend',
  )
expect.extend(matchers)
