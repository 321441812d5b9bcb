import { setTimeout as delay } from 'node:timers/promises'
import { quantilesOf, showQuantiles, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { exportUsers } from './cluster/admin.ts'
import { startBudget } from './cluster/budget-cluster.ts'
import { checkAll } from './cluster/check.ts'
import { lanes, ms, type Row } from './matrix.ts'
import { person } from './people/person.ts'

/** The matrix wants two minutes, in the soak; `LOAD_SECONDS` says how long. */
const seconds = Number(process.env['LOAD_SECONDS'] ?? 20)
const perSecond = 20

const l1: Row = {
  id: 'L1',
  claim: `20 sign-ups/s for ${seconds} s on 5 nodes: nothing lost, visible everywhere within 500 ms (p99)`,
  run: async ({ cluster, signUps }) => {
    const acknowledgedAt = new Map<string, number>()
    const over = new AbortController()
    const watching = Promise.all(cluster.nodes.map((node) => watchNames(node, over.signal)))
    // Told below, once it is over.
    watching.catch(() => undefined)
    const began = performance.now()
    const signingUp = async (number: number): Promise<void> => {
      const who = person(`visible-${number}`)
      const outcome = await signUps.one(cluster.node(number % cluster.nodes.length), who)
      if (outcome === 'acknowledged') acknowledgedAt.set(who.username, performance.now())
    }
    let [rate, took] = [0, 0]
    try {
      const running: Promise<void>[] = []
      for (let number = 0; number < seconds * perSecond; number++) {
        await delay(Math.max(0, began + (number * 1_000) / perSecond - performance.now()))
        // An open loop: the next comes whether or not this one was answered.
        running.push(signingUp(number))
      }
      await Promise.all(running)
      rate = acknowledgedAt.size / ((performance.now() - began) / 1_000)
      took = await checkAll(cluster, signUps, { within: 30_000, sample: 60 })
    } finally {
      over.abort()
      await Promise.allSettled([watching])
    }
    const watched = await watching
    const visible = quantilesOf(watched.flatMap(({ seenAt }) => lagsOf(acknowledgedAt, seenAt)))
    const apart = quantilesOf(watched.flatMap((one) => one.apart))
    const why = [...new Set(signUps.unknown.map((one) => one.why))].slice(0, 5)
    expect(why, `${signUps.unknown.length} sign-ups were not acknowledged`).toEqual([])
    expect(visible.max, 'seen at all').toBeLessThan(Infinity)
    expect(visible.p99, `${showQuantiles(visible)}; looks ${showQuantiles(apart)} apart`).toBeLessThanOrEqual(
      500,
    )
    return (
      `${acknowledgedAt.size} acknowledged, ${rate.toFixed(1)}/s; seen on a node after ${showQuantiles(visible)}, ` +
      `by looks that were ${showQuantiles(apart)} apart; ` +
      `answered after ${showQuantiles(quantilesOf(signUps.took))}; equal ${ms(took)} after the last`
    )
  },
}

/** What was seen of one node, by looking at its users again and again. */
interface Watched {
  /** When each name was there for the first time, as of `performance.now()`. */
  readonly seenAt: ReadonlyMap<string, number>
  /** From the end of each look to that of the next, in milliseconds: by so much a name may be seen too late. */
  readonly apart: readonly number[]
}

/** Looking at thousands of users is work for the node: it rests for as long as that took, so that it is watched and not held. */
const shortestRest = 10

/** Until it is told to stop, and then once more. */
const watchNames = async (node: ClusterNode, signal: AbortSignal): Promise<Watched> => {
  const seenAt = new Map<string, number>()
  const apart: number[] = []
  const look = async (): Promise<void> => {
    const names = (await exportUsers(node)).map(({ username }) => username)
    const now = performance.now()
    for (const name of names) if (!seenAt.has(name)) seenAt.set(name, now)
  }
  let [began, ended] = [performance.now(), performance.now()]
  while (!signal.aborted) {
    began = performance.now()
    await look()
    apart.push(performance.now() - ended)
    ended = performance.now()
    await delay(Math.max(shortestRest, ended - began))
  }
  await look()
  return { seenAt, apart }
}

/** From the acknowledgement on. Whoever was seen before has waited for nothing; whoever never was, for ever. */
const lagsOf = (acknowledgedAt: ReadonlyMap<string, number>, seenAt: Watched['seenAt']): number[] =>
  [...acknowledgedAt].map(([name, at]) => Math.max(0, (seenAt.get(name) ?? Infinity) - at))

describe('the fault matrix: load', () => {
  const start = (): Promise<Cluster> => startBudget(5)
  lanes({ name: 'load', start, rows: [l1] })
})
