import type { ClusterNode } from '@grapevine/local-cluster'
import { wipe } from '../cluster/wipe.ts'
import { ms, type Row } from '../matrix.ts'
import { allLinked, isGood } from './stage.ts'

/** What a container that is replaced brings with it: its name, and nothing else. */
const replace = async (node: ClusterNode): Promise<void> => {
  await node.kill()
  await wipe(node)
  await node.restart()
}

export const n4: Row = {
  id: 'N4',
  claim:
    'each container killed and replaced with an empty disk under the same name: every view whole within a minute',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(5, cluster.nodes)
    for (const node of cluster.nodes) await replace(node)
    const took = await allLinked(stage, 60_000)
    return `${cluster.nodes.length} replaced one after the other; every view whole ${ms(took)} after the last was ready; ${await isGood(stage)}`
  },
}
