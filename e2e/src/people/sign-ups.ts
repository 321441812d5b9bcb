import { browser, type ClusterNode } from '@grapevine/local-cluster'
import { person, type Person } from './person.ts'

/** Everybody who ever tried to sign up in a cluster, and what the answer said. */
export interface SignUps {
  /** The answer said so. */
  readonly acknowledged: readonly Person[]
  /** No answer, or one that leaves it open. */
  readonly unknown: readonly { readonly who: Person; readonly why: string }[]
  /** How long each acknowledged one took from when its form was sent, in milliseconds. */
  readonly took: readonly number[]
  /** One try on a node, under a name nobody else has; resolves to whether it was acknowledged. */
  one(node: ClusterNode, who?: Person): Promise<'acknowledged' | 'unknown'>
  /** One try; resolves to when its form was sent, as of `performance.now()`, if that was acknowledged. */
  posted(node: ClusterNode): Promise<number | undefined>
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

  const attempt = async (node: ClusterNode, who: Person): Promise<number | undefined> => {
    const visitor = browser(node)
    try {
      const page = await visitor.get('/signup')
      const sent = performance.now()
      const { status, location } = await visitor.submit(page, { ...who })
      if (status === 302 && location === '/') {
        took.push(performance.now() - sent)
        acknowledged.push(who)
        return sent
      }
      unknown.push({ who, why: `${node.name} answered ${status}` })
    } catch (error) {
      unknown.push({ who, why: `${node.name}: ${String(error)}` })
    }
    return undefined
  }
  const next = (): Person => person(`${prefix}-${++number}`)
  const one = async (node: ClusterNode, who = next()): Promise<'acknowledged' | 'unknown'> =>
    (await attempt(node, who)) === undefined ? 'unknown' : 'acknowledged'

  return {
    acknowledged,
    unknown,
    took,
    one,
    posted: async (node) => await attempt(node, next()),
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
