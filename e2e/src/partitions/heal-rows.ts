import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { left, right, split } from '../cluster/halves.ts'
import { ms, type Row, type Stage } from '../matrix.ts'
import { healed, nodesOf } from './stage.ts'

/** A multiple of two: each split takes its turn. */
const heals = Number(process.env['HEALS'] ?? 4)

const lonely = 'node-3'
const others = ['node-1', 'node-2', ...right]

/** Milliseconds that the sides are apart, and that they are looked at afterwards. */
const [apart, afterwards] = [12_000, 5_000]

/** What a node told its application of these members, from a line of its log on. */
const accusationsBy = (node: ClusterNode, of: readonly string[], from: number): readonly string[] =>
  node.log.slice(from).flatMap((line) => {
    if (!/"msg":"member:(suspect|down)"/.test(line)) return []
    const { name, msg }: { readonly name: string; readonly msg: string } = JSON.parse(line)
    return of.includes(name) ? [`${node.name} tells ${msg} of ${name}`] : []
  })

/** @returns what was told of those who were never apart from the one that told it, and how long it took to heal */
const heal = async (stage: Stage, ...sides: (readonly string[])[]): Promise<readonly [string[], string]> => {
  const from = new Map(stage.cluster.nodes.map((node) => [node.name, node.log.length]))
  const over = delay(apart)
  await split(stage.cluster, ...sides)
  await over
  const figures = await healed(stage)
  await delay(afterwards)
  const told = sides.flatMap((side) =>
    nodesOf(stage, side).flatMap((node) => accusationsBy(node, side, from.get(node.name) ?? 0)),
  )
  return [told, figures]
}

export const f23: Row = {
  id: 'F23',
  claim:
    'one alone, and halves, apart for 12 s, again and again: nobody tells of one as suspect or down who was never apart from it',
  lasts: heals * 20_000,
  run: async (stage) => {
    await stage.signUps.many(5, stage.cluster.nodes)
    const all: string[] = []
    const figures: string[] = []
    const since = performance.now()
    for (let count = 0; count < heals; count += 1) {
      const [told, took] = await heal(stage, ...(count % 2 === 0 ? [[lonely], others] : [left, right]))
      all.push(...told)
      figures.push(took)
    }
    expect(all).toEqual([])
    return `${heals} heals in ${ms(performance.now() - since)}, nobody accused; ${figures.join(', ')}`
  },
}
