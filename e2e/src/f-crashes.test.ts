import { setTimeout as delay } from 'node:timers/promises'
import { eventually, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { checkAll, diskTakesNoWrites } from './cluster/check.ts'
import { lanes, ms, type Row, type Stage } from './matrix.ts'
import { logInAtOnce, person, tryLogin } from './people/person.ts'
import { wipe } from './cluster/wipe.ts'

/** What X may be where the matrix limits it, in milliseconds; the check waits longer, so that a miss says by how much. */
const target = 15_000
const patience = 60_000

const recovered = async ({ cluster, signUps }: Stage, since: number, within = patience): Promise<string> => {
  const expected = diskTakesNoWrites
  const took = await checkAll(cluster, signUps, { within: patience, since, sample: 60, expected })
  expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(within)
  return `X ${ms(took)}`
}

const drawn = ({ cluster, random }: Stage): ClusterNode =>
  cluster.node(Math.floor(random() * cluster.nodes.length))

const f13: Row = {
  id: 'F13',
  claim: 'SIGKILL 0 to 50 ms after a sign-up is acknowledged: the user is on the disk of that node alone',
  run: async (stage) => {
    const { cluster, signUps, random } = stage
    const rounds = 20
    for (let round = 0; round < rounds; round++) {
      const node = drawn(stage)
      const who = person(`crash-${round}`)
      expect(await signUps.one(node, who)).toBe('acknowledged')
      // Every other one at once: a write that comes a little after its acknowledgement has no time then.
      if (round % 2 === 1) await delay(random() * 50)
      await node.kill()
      await cluster.isolate(node)
      await node.restart()
      await logInAtOnce(node, who)
      await cluster.heal()
    }
    return `${rounds} of ${rounds} kept; ${await recovered(stage, performance.now())}`
  },
}

const f14: Row = {
  id: 'F14',
  claim: 'SIGKILL to all nodes at once under load: nothing acknowledged is lost',
  run: async (stage) => {
    const { cluster, signUps, random } = stage
    const before = signUps.acknowledged.length
    const load = signUps.many(60, cluster.nodes, 6)
    await eventually(() => expect(signUps.acknowledged.length).toBeGreaterThan(before + 10), {
      within: 30_000,
    })
    await delay(random() * 200)
    await Promise.all(cluster.nodes.map((node) => node.kill()))
    await load
    const acknowledged = signUps.acknowledged.length - before
    const since = performance.now()
    await Promise.all(cluster.nodes.map((node) => node.restart()))
    return `${acknowledged} acknowledged before, all there; ${await recovered(stage, since)} from the restart`
  },
}

const f22: Row = {
  id: 'F22',
  claim:
    'rolling restart under load: every login elsewhere succeeds, a restarted node serves only when ready',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(3, cluster.nodes)
    let logins = 0
    for (const [turn, node] of cluster.nodes.entries()) {
      const [elsewhere, ...others] = cluster.nodes.filter((other) => other !== node)
      if (elsewhere === undefined) continue
      const outcome = await node.stop()
      expect(outcome, node.name).toMatchObject({ how: 'graceful', code: 0 })
      // Somebody whom the node has never heard of: it must not answer them before it has caught up.
      const late = person(`late-${turn}`)
      expect(await signUps.one(elsewhere, late)).toBe('acknowledged')
      const restarting = restart(node)
      while (restarting.state === 'starting') {
        const other = others[logins % others.length] ?? elsewhere
        await logInAtOnce(other, late)
        logins++
        // No answer, 503, or the right one; never "wrong password".
        expect([0, 503, 302]).toContain(
          await tryLogin(node, late).then(
            ({ status }) => status,
            () => 0,
          ),
        )
      }
      await restarting.done
      await logInAtOnce(node, late)
    }
    return `${logins} logins elsewhere, all succeeded; ${await recovered(stage, performance.now())}`
  },
}

/** A restart that can be asked whether it is over. */
const restart = (node: ClusterNode): { state: 'starting' | 'over'; done: Promise<unknown> } => {
  const restarting: { state: 'starting' | 'over'; done: Promise<unknown> } = {
    state: 'starting',
    done: Promise.resolve(),
  }
  restarting.done = node.restart().finally(() => (restarting.state = 'over'))
  return restarting
}

const d6: Row = {
  id: 'D6',
  claim: 'all disks but one wiped: X within 15 s',
  run: async (stage) => {
    const { cluster, signUps } = stage
    await signUps.many(20, cluster.nodes)
    await Promise.all(cluster.nodes.map((node) => node.stop()))
    const spared = drawn(stage)
    for (const node of cluster.nodes) if (node !== spared) await wipe(node)
    const since = performance.now()
    await Promise.all(cluster.nodes.map((node) => node.restart()))
    return `${await recovered(stage, since, target)} from the restart, ${spared.name} spared`
  },
}

/**
 * Signs people up on a node whose disk takes no more, until one is refused: what still fits into the last page of its log
 * is kept, and rightly acknowledged.
 */
const refuses = async (stage: Stage, node: ClusterNode): Promise<string> => {
  const { cluster, signUps } = stage
  const known = signUps.acknowledged[0] ?? person('nobody')
  let fitted = 0
  while ((await signUps.one(node)) === 'acknowledged')
    expect(++fitted, 'sign-ups that still fit').toBeLessThan(60)
  for (let again = 0; again < 5; again++) expect(await signUps.one(node)).toBe('unknown')
  const refused = signUps.unknown.slice(-6).map(({ why }) => why)
  expect(refused).toEqual(refused.map(() => `${node.name} answered 503`))
  for (const each of cluster.nodes) await logInAtOnce(each, known)
  await cluster.heal()
  const since = performance.now()
  await eventually(async () => expect(await signUps.one(node)).toBe('acknowledged'), {
    within: 30_000,
    every: 250,
  })
  const again = performance.now() - since
  // What it has acknowledged, also in the last page of a full disk, is there after a restart.
  await node.restart()
  return `503 after ${fitted} that still fitted, logins fine; writes again ${ms(again)} after`
}

const d3: Row = {
  id: 'D3',
  claim: 'disk full: a sign-up is not acknowledged but 503, logins go on, it recovers when space is freed',
  run: async (stage) => {
    await stage.signUps.many(5, stage.cluster.nodes)
    const node = drawn(stage)
    await stage.cluster.fillDisk(node)
    const figures = await refuses(stage, node)
    return `${figures}; ${await recovered(stage, performance.now())}`
  },
}

const d4: Row = {
  id: 'D4',
  claim: 'every write to the disk fails: a sign-up is not acknowledged but 503, logins go on, it recovers',
  run: async (stage) => {
    const node = drawn(stage)
    await stage.cluster.failDisk(node)
    const figures = await refuses(stage, node)
    return `${figures}; ${await recovered(stage, performance.now())}`
  },
}

const root = process.geteuid?.() === 0
if (!root) process.stdout.write('SKIPPED D3 D4: a disk of its own for each node needs root\n')

describe('the fault matrix: crashes and disks', () => {
  const crashes = (): Promise<Cluster> => startBudget(5)
  const disks = (): Promise<Cluster> => startBudget(3, { diskMb: 32 })
  lanes(
    { name: 'crashes', start: crashes, rows: [f13, f14, f22, d6] },
    ...(root ? [{ name: 'disks', start: disks, rows: [d3, d4] }] : []),
  )
})
