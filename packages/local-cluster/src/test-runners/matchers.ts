import type { Cluster } from '../cluster.ts'
import type { ClusterNode } from '../cluster-node.ts'
import { NotEventuallyError } from '../errors.ts'
import { eventually } from './eventually.ts'
import { differences } from './differences.ts'

export interface WithinOptions {
  /** How long it may take, in milliseconds. The default is less than what vitest and Jest give a test. @default 4_000 */
  readonly within?: number
}

/** All nodes of a cluster, or just those that are meant. */
export type Nodes = Pick<Cluster, 'nodes'> | readonly ClusterNode[]

/** What a node says of something; compared by its JSON. */
export type Reading = (node: ClusterNode) => unknown

export interface ClusterMatchers<R = unknown> {
  /**
   * All nodes come to say the same: those of `expect(cluster)`, or those of `expect([node, …])`. It fails if one of them is
   * paused or exited: who means the others hands in the others.
   */
  toConverge(reading: Reading, options?: WithinOptions): Promise<R>
  /** A node comes to name exactly these members, each once, in any order. */
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

/** Vitest and Jest give a test 5 s, and then say nothing of what was seen. */
const withinMs = 4_000

/** For the `expect.extend` of any test runner that has one. */
export const matchers = {
  toConverge: async (
    meant: Nodes,
    reading: Reading,
    { within = withinMs }: WithinOptions = {},
  ): Promise<Outcome> =>
    await outcome('the nodes said the same', within, async () => {
      const nodes = 'nodes' in meant ? meant.nodes : meant
      const silent = nodes.filter((node) => node.state.kind !== 'running')
      if (silent.length > 0) return whoIsSilent(silent)
      const said = nodes.map(async (node) => ({ name: node.name, says: await reading(node) }))
      return differences(await Promise.all(said))
    }),

  toHaveMembers: async (
    node: ClusterNode,
    expected: readonly string[],
    reading: (node: ClusterNode) => readonly string[] | Promise<readonly string[]>,
    { within = withinMs }: WithinOptions = {},
  ): Promise<Outcome> =>
    await outcome(`${node.name} had exactly these members`, within, async () => {
      const seen = await reading(node)
      const missing = without(expected, seen)
      const unexpected = without(seen, expected)
      if (missing.length + unexpected.length === 0) return undefined
      return `${node.name} has ${list(seen)}: it misses ${list(missing)} and has besides ${list(unexpected)}`
    }),
}

/** @param problem says what is still wrong, or nothing */
const outcome = async (
  claim: string,
  within: number,
  problem: () => Promise<string | undefined>,
): Promise<Outcome> => {
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
    return { pass: false, message: () => error.message }
  }
}

const whoIsSilent = (nodes: readonly ClusterNode[]): string => {
  const states = nodes.map(({ name, state }) => `${name} is ${state.kind}`).join(', ')
  return `${states}: to leave it out, hand in the nodes that you mean, expect([node, …])`
}

/** What is left of the names when each of the others has taken away one that is the same. */
const without = (names: readonly string[], others: readonly string[]): string[] => {
  const left = [...others]
  return names.filter((name) => {
    const position = left.indexOf(name)
    if (position === -1) return true
    left.splice(position, 1)
    return false
  })
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'nobody' : names.join(', '))
