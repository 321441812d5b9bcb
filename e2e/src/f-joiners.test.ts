import type { Cluster, ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { eraseUser, exportUsers } from './cluster/admin.ts'
import { startBudget, status } from './cluster/budget-cluster.ts'
import { checkAll } from './cluster/check.ts'
import { addCrowd } from './people/crowd.ts'
import { lanes, ms, type Row, type Stage } from './matrix.ts'
import { logInAtOnce, person, signUp, tryLogin } from './people/person.ts'
import { peakResidentMb } from './cluster/resident-memory.ts'

/** As many as the matrix wants; they are imported, with one password hash for all. */
const crowd = Number(process.env['CROWD'] ?? 100_000)

/** The process is started, and resolves when it says that it is ready. */
const join = async ({ cluster }: Stage): Promise<{ node: ClusterNode; took: number }> => {
  const since = performance.now()
  const node = await cluster.start()
  return { node, took: performance.now() - since }
}

const e1: Row = {
  id: 'E1',
  claim: 'an empty node joins where people were erased: it ends equal, and who was erased stays erased',
  run: async (stage) => {
    const { cluster, signUps } = stage
    const gone = ['gone-1', 'gone-2', 'gone-3'].map(person)
    await signUps.many(10, cluster.nodes)
    for (const [number, who] of gone.entries()) {
      const at = cluster.node(number % cluster.nodes.length)
      await signUp(at, who)
      await logInAtOnce(cluster.node(0), who)
      await eraseUser(at, who.username)
    }
    const { node, took } = await join(stage)
    const equal = await checkAll(cluster, signUps, { within: 15_000 })
    const names = (await exportUsers(node)).map(({ username }) => username)
    for (const who of gone) {
      expect(names).not.toContain(who.username)
      for (const each of cluster.nodes)
        expect((await tryLogin(each, who)).status, `${who.username} on ${each.name}`).toBe(200)
    }
    return `ready ${ms(took)} after its start, equal ${ms(equal)} later; ${gone.length} erased, on no node`
  },
}

const l4: Row = {
  id: 'L4',
  claim: `an empty node joins ${crowd} users: ready within 15 s, with less than 512 MB`,
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(2, cluster.nodes)
    const imported = await addCrowd(cluster, signUps, crowd)
    const { node, took } = await join(stage)
    expect((await status(node)).users, 'users on a node that says it is ready').toBe(
      signUps.acknowledged.length,
    )
    const equal = await checkAll(cluster, signUps, { within: 15_000, sample: 20 })
    const peak = peakResidentMb(node)
    expect(took, `ready after ${ms(took)}`).toBeLessThanOrEqual(15_000)
    expect(peak, 'MB at most').toBeLessThan(512)
    return `imported in ${ms(imported)}; ready ${ms(took)} after its start, equal ${ms(equal)} later, ${Math.round(peak)} MB at most`
  },
}

describe('the fault matrix: who comes late', () => {
  const start = (): Promise<Cluster> => startBudget(2)
  lanes({ name: 'joiners', start, rows: [e1, l4] })
})
