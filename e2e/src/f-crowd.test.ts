import { availableParallelism } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { quantilesOf, showQuantiles, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { startBudget } from './cluster/budget-cluster.ts'
import { allAgree, checkAll } from './cluster/check.ts'
import { addCrowd } from './people/crowd.ts'
import { left, right, split } from './cluster/halves.ts'
import { lanes, ms, packetsCanBeDropped, type Row } from './matrix.ts'
import { logInAtOnce, person } from './people/person.ts'
import { wipe } from './cluster/wipe.ts'

/** Most of them imported: to sign up 10,000 takes minutes, at 76 password hashes a second. */
const perSide = Number(process.env['USERS_PER_SIDE'] ?? 10_000)
const signedUp = 50

/**
 * Milliseconds. All nodes work at once here; where several share a processor, each is off it for as long as the others are
 * on it, tens of milliseconds at a time. Twice their number for each processor leaves room for that.
 */
const longestWait = 200 * Math.max(1, (2 * 5) / availableParallelism())

/** Asks a node for a page all the time. Resolves to how long each answer took, in milliseconds, once it is told to stop. */
const waits = async (node: ClusterNode, signal: AbortSignal): Promise<number[]> => {
  const took: number[] = []
  while (!signal.aborted) {
    const began = performance.now()
    await (await node.fetch('/')).text()
    took.push(performance.now() - began)
    await delay(20)
  }
  return took
}

const f17: Row = {
  id: 'F17',
  claim: `${perSide} different users on each side, heal: X within 10 s, no request waits longer than 200 ms on a processor of its own`,
  run: async ({ cluster, signUps }) => {
    await signUps.many(1, [cluster.node(0)])
    await allAgree(cluster, signUps, { within: 10_000 })
    await split(cluster, left, right)
    await Promise.all(
      [left, right].map(async ([first, ...others]) => {
        const [node, prefix] = [cluster.node(first), first]
        const among = [node, ...others.map((name) => cluster.node(name))]
        await signUps.many(signedUp, among, 4)
        await addCrowd(cluster, signUps, perSide - signedUp, { node, among, prefix })
      }),
    )
    const watch = new AbortController()
    const waiting = Promise.all(cluster.nodes.map((node) => waits(node, watch.signal)))
    const since = performance.now()
    await cluster.heal()
    // Nobody logs in before the clock is stopped: passwords are hashed on the same two cores.
    const took = await allAgree(cluster, signUps, { within: 90_000, since }).finally(() => watch.abort())
    const waited = quantilesOf((await waiting).flat())
    await checkAll(cluster, signUps, { within: 10_000, sample: 60 })
    expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(10_000)
    expect(waited.max, `requests waited ${showQuantiles(waited)}`).toBeLessThanOrEqual(longestWait)
    return `X ${ms(took)} with ${perSide} users on each side; requests waited ${showQuantiles(waited)}`
  },
}

const f10: Row = {
  id: 'F10',
  claim: 'a node without data catches up over a link of 1 mbit: X within 60 s, logins go on',
  run: async ({ cluster, signUps }) => {
    await signUps.many(1, [cluster.node(0)])
    await addCrowd(cluster, signUps, 10_000 - signUps.acknowledged.length, { prefix: 'slow' })
    const node = cluster.node('node-5')
    await node.stop()
    await wipe(node)
    await cluster.slow({ bitsPerSecond: 1_000_000, on: node })
    const since = performance.now()
    const starting = node.restart()
    const who = signUps.acknowledged[0] ?? person('nobody')
    let logins = 0
    const over = checkAfter(
      starting,
      async () => await checkAll(cluster, signUps, { within: 90_000, since, sample: 10 }),
    )
    while (!over.done) {
      await logInAtOnce(cluster.node('node-1'), who)
      logins++
    }
    const took = await over.result
    expect(took, `X was ${ms(took)}`).toBeLessThanOrEqual(60_000)
    return `X ${ms(took)} from the start, for ${signUps.acknowledged.length} users; ${logins} logins elsewhere meanwhile`
  },
}

/** Something that is done after something else, and can be asked whether it is. */
const checkAfter = <T>(
  before: Promise<unknown>,
  act: () => Promise<T>,
): { done: boolean; result: Promise<T> } => {
  const task = { done: false, result: before.then(act) }
  task.result = task.result.finally(() => (task.done = true))
  task.result.catch(() => undefined)
  return task
}

const faults = (await packetsCanBeDropped('F10 and F17 with packets; they run in-process'))
  ? 'namespaces'
  : 'in-process'

describe(`the fault matrix: crowds, ${faults}`, () => {
  // A node on a slow link may take as long to be ready as it may to have all users.
  const start = (): Promise<Cluster> => startBudget(5, { faults, startTimeoutMs: 90_000 })
  lanes({ name: 'crowds', start, rows: [f10, f17] })
})
