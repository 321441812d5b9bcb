import { browser, type ClusterNode } from '@grapevine/local-cluster'
import { person, type Person } from './person.ts'

/** Everybody who ever tried to sign up in a cluster, and what the answer said. */
export interface SignUps {
  /** The answer said so. */
  readonly acknowledged: readonly Person[]
  /** No answer, or one that leaves it open. */
  readonly unknown: readonly { readonly who: Person; readonly why: string }[]
  /** How long each acknowledged one took, in milliseconds. */
  readonly took: readonly number[]
  /** One try on a node, under a name nobody else has; resolves to whether it was acknowledged. */
  one(node: ClusterNode, who?: Person): Promise<'acknowledged' | 'unknown'>
  /** Who came another way, and is acknowledged all the same. */
  add(people: readonly Person[]): void
  /** So many, some at a time, each on the next of these nodes. */
  many(count: number, nodes: readonly ClusterNode[], atOnce?: number): Promise<void>
}

export const createSignUps = (prefix: string): SignUps => {
  const acknowledged: Person[] = []
  const unknown: { who: Person; why: string }[] = []
  const took: number[] = []
  let number = 0

  const one = async (
    node: ClusterNode,
    who = person(`${prefix}-${++number}`),
  ): Promise<'acknowledged' | 'unknown'> => {
    const began = performance.now()
    try {
      const { status, location } = await browser(node).submit('/signup', { ...who })
      if (status === 302 && location === '/') {
        took.push(performance.now() - began)
        acknowledged.push(who)
        return 'acknowledged'
      }
      unknown.push({ who, why: `${node.name} answered ${status}` })
    } catch (error) {
      unknown.push({ who, why: `${node.name}: ${String(error)}` })
    }
    return 'unknown'
  }

  return {
    acknowledged,
    unknown,
    took,
    one,
    add: (people) => void acknowledged.push(...people),
    many: async (count, nodes, atOnce = 4) => {
      let started = 0
      const client = async (): Promise<void> => {
        while (started < count) {
          const node = nodes[started++ % nodes.length]
          if (node !== undefined) await one(node)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, client))
    },
  }
}
