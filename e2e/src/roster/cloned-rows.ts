import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, type ClusterNode } from '@grapevine/local-cluster'
import { expect } from 'vitest'
import { copyFolder } from '../cluster/copy-folder.ts'
import { wipe } from '../cluster/wipe.ts'
import { ms, type Row } from '../matrix.ts'
import { allLinked, isGood, saying } from './stage.ts'

const fileOf = async ({ dataDir }: ClusterNode, name: string): Promise<string> => {
  const found = (await readdir(dataDir, { recursive: true })).find((path) => path.split('/').at(-1) === name)
  if (found === undefined) throw new Error(`no ${name} in ${dataDir}`)
  return join(dataDir, found)
}

const isSaid = /another process runs with the key of node-\d: its data folder was copied/

export const n5: Row = {
  id: 'N5',
  claim:
    'a data folder copied to another machine, both run: said on both, in one line each; without the copied key all are whole, nothing is lost',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(5, cluster.nodes)
    const [original, clone] = [cluster.node(1), cluster.node(2)]
    const remembersAll = async (): Promise<void> => {
      const roster = await readFile(await fileOf(original, 'roster'), 'utf8')
      for (const { name } of [cluster.node(0), clone]) expect(roster).toContain(name)
    }
    await eventually(remembersAll, { within: 10_000 })
    const from = [original, clone].map(({ log }) => log.length)
    await clone.stop()
    await wipe(clone)
    await copyFolder(original.dataDir, clone.dataDir)
    const since = performance.now()
    await clone.restart()
    const told = (): readonly (readonly string[])[] =>
      [original, clone].map((node, index) => saying(node, isSaid, from[index]))
    await eventually(() => expect(told().map(({ length }) => length)).toEqual([1, 1]), { within: 60_000 })
    const took = performance.now() - since
    await signUps.many(5, [cluster.node(0)])
    await clone.stop()
    await rm(await fileOf(clone, 'member.key'))
    await clone.restart()
    const whole = await allLinked(stage, 60_000)
    expect(told().map(({ length }) => length)).toEqual([1, 1])
    return `said on both after ${ms(took)}; every view whole ${ms(whole)} after the restart without the key; ${await isGood(stage)}`
  },
}
