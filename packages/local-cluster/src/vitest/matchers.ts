import { expect } from 'vitest'
import type { Cluster } from '../cluster.ts'
import type { ClusterNode } from '../cluster-node.ts'
import { NotEventuallyError, messageOf } from '../errors.ts'
import { eventually } from '../eventually.ts'
import { differences } from './differences.ts'

export interface WithinOptions {
  /** How long it may take, in milliseconds. @default 10_000 */
  readonly within?: number
}

/** What a node says of something; compared by its JSON. */
export type Reading = (node: ClusterNode) => unknown

export interface ClusterMatchers<R = unknown> {
  /** All running nodes come to say the same. */
  toConverge(reading: Reading, options?: WithinOptions): Promise<R>
  /** A node comes to name exactly these members, in any order. */
  toHaveMembers(
    expected: readonly string[],
    reading: (node: ClusterNode) => readonly string[] | Promise<readonly string[]>,
    options?: WithinOptions,
  ): Promise<R>
}

interface Outcome {
  readonly pass: boolean
  readonly message: () => string
}

const WITHIN_MS = 10_000

/** For `expect.extend`, which importing this file has done already. */
export const matchers = {
  toConverge: async (
    cluster: Pick<Cluster, 'nodes'>,
    reading: Reading,
    { within = WITHIN_MS }: WithinOptions = {},
  ): Promise<Outcome> =>
    await outcome('the nodes said the same', within, async () => {
      const running = cluster.nodes.filter((node) => node.state.kind === 'running')
      const said = running.map(async (node) => ({ name: node.name, says: await reading(node) }))
      return differences(await Promise.all(said))
    }),

  toHaveMembers: async (
    node: ClusterNode,
    expected: readonly string[],
    reading: (node: ClusterNode) => readonly string[] | Promise<readonly string[]>,
    { within = WITHIN_MS }: WithinOptions = {},
  ): Promise<Outcome> =>
    await outcome(`${node.name} had exactly these members`, within, async () => {
      const seen = await reading(node)
      const missing = expected.filter((name) => !seen.includes(name))
      const unexpected = seen.filter((name) => !expected.includes(name))
      if (missing.length + unexpected.length === 0) return undefined
      return `${node.name} misses ${list(missing)} and has besides ${list(unexpected)}`
    }),
}

expect.extend(matchers)

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-empty-object-type -- that is how vitest takes in matchers
  interface Matchers<T> extends ClusterMatchers<T> {}
}

/** @param problem says what is still wrong, or nothing */
async function outcome(
  claim: string,
  within: number,
  problem: () => Promise<string | undefined>,
): Promise<Outcome> {
  try {
    await eventually(
      async () => {
        const wrong = await problem()
        if (wrong !== undefined) throw new Error(wrong)
      },
      { within },
    )
    return { pass: true, message: () => `${claim}, and should not have` }
  } catch (error) {
    if (!(error instanceof NotEventuallyError)) throw error
    return { pass: false, message: () => messageOf(error) }
  }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nobody' : names.join(', ')
}
