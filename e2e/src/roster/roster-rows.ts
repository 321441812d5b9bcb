import { setTimeout as delay } from 'node:timers/promises'
import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { status } from '../cluster/budget-cluster.ts'
import { insider } from '../hostile/stage.ts'
import { ms, type Row, type Stage } from '../matrix.ts'
import { logInAtOnce } from '../people/person.ts'
import { isGood, saying } from './stage.ts'

/** The highest that may be told at all, and the highest that a number holds. */
const highest = [2 ** 47, 2 ** 53 - 1]

const claimsAbout = (ids: readonly string[]): readonly object[] =>
  highest.flatMap((incarnation) =>
    ['down', 'left', 'alive'].flatMap((state) =>
      ids.map((id) => ({ id, name: 'a liar', incarnation, addresses: [], metadata: {}, state })),
    ),
  )

export const h4: Row = {
  id: 'H4',
  claim:
    'roster claims with the highest incarnation, of oneself and others: all linked within 10 s, the victim a member after its restart',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(3, cluster.nodes)
    const ids = (await Promise.all(cluster.nodes.map(status))).map(({ self }) => self.id)
    {
      await using liar = await insider(stage, 'liar')
      for (const claim of claimsAbout([...ids, await liar.id()])) await liar.claim([claim])
      await delay(1_000)
    }
    const linked = await linkedTo(stage, 10_000)
    const victim = cluster.node(1)
    await victim.restart()
    const back = await linkedTo(stage, 10_000)
    const said = cluster.nodes.flatMap((node) => saying(node, /no honest member sends|broke the membership/))
    expect(said.length, 'lines about the liar').toBeGreaterThan(0)
    return `${highest.length * 3} claims about each of ${ids.length + 1}; all linked after ${ms(linked)}, the victim a member ${ms(back)} after its restart; ${await isGood(stage)}`
  },
}

/** The liar itself has gone; whether it is called down or gone is of no interest. */
const linkedTo = async ({ cluster }: Stage, within: number): Promise<number> => {
  const since = performance.now()
  await eventually(
    async () => {
      const all = await Promise.all(cluster.nodes.map(status))
      for (const { self, links, members } of all)
        for (const other of all) {
          if (other.self.id === self.id) continue
          expect(links, `links of ${self.name}`).toContain(other.self.id)
          const held = members.find(({ id }) => id === other.self.id)
          expect(held, `what ${self.name} holds of ${other.self.name}`).toMatchObject({
            state: 'alive',
            name: other.self.name,
          })
        }
    },
    { within, every: 100 },
  )
  return performance.now() - since
}

const aheadBy = 600_000

export const skewed: Row = {
  id: 'K5',
  claim:
    'a clock ten minutes ahead: one line with both names and the size on each other node, in metrics and status; logins hold',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const [wrong, ...right] = cluster.nodes
    if (wrong === undefined) throw new Error('no nodes')
    await signUps.many(3, cluster.nodes)
    const warned = (node: ClusterNode): readonly string[] =>
      saying(node, new RegExp(`the clock of ${wrong.name} is [0-9.]+ s ahead of the clock of ${node.name}`))
    const since = performance.now()
    await cluster.skewClock(wrong.name, aheadBy)
    await eventually(() => expect(right.map((node) => warned(node).length)).toEqual(right.map(() => 1)), {
      within: 15_000,
    })
    const took = performance.now() - since
    for (const node of right) {
      const [line = ''] = warned(node)
      expect(Math.abs(JSON.parse(line).skew - aheadBy), line).toBeLessThan(1_000)
      const metrics = await (await node.fetch('/metrics')).text()
      expect(metrics).toMatch(
        new RegExp(`grapevine_clock_skew_seconds\\{member="${wrong.name}"\\} (599|600)`),
      )
      const { members } = await status(node)
      expect(members.find(({ name }) => name === wrong.name)?.skew).toBeGreaterThan(aheadBy - 1_000)
    }
    expect(await signUps.one(wrong)).toBe('acknowledged')
    for (const node of cluster.nodes) for (const who of signUps.acknowledged) await logInAtOnce(node, who)
    await delay(5_000)
    expect(
      right.map((node) => warned(node).length),
      'lines later',
    ).toEqual(right.map(() => 1))
    await cluster.heal()
    return `warned of on ${right.length} nodes within ${ms(took)}; ${await isGood(stage)}`
  },
}
