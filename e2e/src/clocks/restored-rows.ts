import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { converged, everyNodeSees } from '../cluster/budget-cluster.ts'
import { copyFolder } from '../cluster/copy-folder.ts'
import { split } from '../cluster/halves.ts'
import { loggedIn } from '../people/logged-in.ts'
import { machine } from '../people/from-address.ts'
import { person, signUp } from '../people/person.ts'
import { ms, type Row } from '../matrix.ts'
import { copyOf, holdsEverywhere, logOut, refusedEverywhere } from './wrong.ts'

/** What the README of the middleware promises: attempts at one account in one window, from unknown devices. */
const cap = 30
const windowMs = 15 * 60_000

export const w13: Row = {
  id: 'W13',
  claim:
    'a member restarts while it is cut off; 100 guesses there and 100 elsewhere: no more tries than documented',
  run: async ({ cluster }) => {
    const owner = person('w13-owner')
    await signUp(cluster.node(0), owner)
    await converged(cluster.nodes, 10_000)
    const names = cluster.nodes.map(({ name }) => name)
    await split(cluster, names.slice(0, 2), names.slice(2))
    const windowNow = (): number => Math.floor(Date.now() / windowMs)
    const first = windowNow()
    const alone = cluster.node(2)
    let addresses = 0
    const guess = async (index: number, count: number): Promise<number> => {
      const guest = await machine(cluster.node(index), `127.0.4.${(addresses += 1)}`)
      let tried = 0
      for (let at = 0; at < count; at += 1) {
        const { status } = await guest.login({ username: owner.username, password: `guess ${index} ${at}` })
        expect([200, 429]).toContain(status)
        if (status === 200) tried += 1
      }
      guest.close()
      return tried
    }
    const elsewhere = await guess(0, 50)
    const before = await guess(2, 50)
    const since = performance.now()
    await alone.restart()
    const took = performance.now() - since
    const after = (await guess(2, 50)) + (await guess(1, 50))
    const windows = windowNow() - first + 1
    const all = elsewhere + before + after
    expect(before).toBeGreaterThan(0)
    expect(
      all,
      `${elsewhere} elsewhere, ${before} before and ${after} after the restart`,
    ).toBeLessThanOrEqual(cap * windows)
    await cluster.heal()
    await everyNodeSees(cluster.nodes, cluster.nodes.length)
    return `${all} of 200 tried, ${after} of them after a restart that took ${ms(took)}; documented: ${cap} in a window, seen: ${windows}`
  },
}

export const k4: Row = {
  id: 'K4',
  claim:
    'data of an earlier time is put back, with the mark of it: who has logged out since stays logged out',
  run: async ({ cluster }) => {
    const { nodes } = cluster
    const who = person('k4-restored')
    const first = cluster.node(0)
    await signUp(first, who)
    const visitor = await loggedIn(first, who)
    const copy = await copyOf(visitor)
    const stays = await copyOf(await loggedIn(first, who))
    await converged(nodes, 10_000)
    const backup = await mkdtemp(join(tmpdir(), 'backup-'))
    try {
      await Promise.all(nodes.map((node) => node.stop()))
      for (const node of nodes) await copyFolder(node.dataDir, join(backup, node.name))
      await Promise.all(nodes.map((node) => node.restart()))
      await everyNodeSees(nodes, nodes.length)
      await logOut(visitor, first)
      await refusedEverywhere(cluster, 'after the log-out', [copy])
      await Promise.all(nodes.map((node) => node.stop()))
      for (const node of nodes) {
        for (const name of await readdir(node.dataDir))
          await rm(join(node.dataDir, name), { recursive: true })
        await copyFolder(join(backup, node.name), node.dataDir)
        await writeFile(join(node.dataDir, 'sessions', 'restored'), '')
      }
      const since = performance.now()
      await Promise.all(nodes.map((node) => node.restart()))
      await everyNodeSees(nodes, nodes.length)
      const took = performance.now() - since
      await refusedEverywhere(cluster, 'after the restore', [copy, stays])
      await converged(nodes, 10_000)
      await holdsEverywhere(cluster, 'right', who)
      for (const node of nodes)
        expect(await readdir(join(node.dataDir, 'sessions'))).not.toContain('restored')
      return `all up again after ${ms(took)}; 2 copies refused on ${nodes.length} nodes`
    } finally {
      await rm(backup, { recursive: true })
    }
  },
}
