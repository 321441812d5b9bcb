import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { status } from '../cluster/budget-cluster.ts'
import { checkAll } from '../cluster/check.ts'
import { ms, type Stage } from '../matrix.ts'

/** Everybody can send to everybody, and nobody else is on anyone's roster but as gone. */
export const allLinked = async ({ cluster }: Stage, within: number): Promise<number> => {
  const since = performance.now()
  await eventually(
    async () => {
      const all = await Promise.all(cluster.nodes.map(status))
      for (const { self, links, view } of all) {
        const others = all.map((one) => one.self.id).filter((id) => id !== self.id)
        expect(links, `links of ${self.name}`).toEqual(expect.arrayContaining(others))
        expect(view, `view of ${self.name}`).toBe('whole')
      }
    },
    { within, every: 100 },
  )
  return performance.now() - since
}

/** Lines of a node's log, from a certain one on, that say this. */
export const saying = (node: ClusterNode, words: string | RegExp, from = 0): readonly string[] =>
  node.log.slice(from).filter((line) => (typeof words === 'string' ? line.includes(words) : words.test(line)))

export const isGood = async ({ cluster, signUps }: Stage): Promise<string> =>
  `X ${ms(await checkAll(cluster, signUps, { within: 30_000, sample: 10 }))}`
