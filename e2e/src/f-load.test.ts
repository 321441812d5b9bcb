import { setTimeout as delay } from 'node:timers/promises'
import { quantilesOf, showQuantiles, type Cluster, type ClusterNode } from '@grapevine/local-cluster'
import { describe, expect } from 'vitest'
import { startBudget, status } from './budget-cluster.ts'
import { checkAll } from './check.ts'
import { lanes, ms, type Row } from './matrix.ts'

/** The matrix wants two minutes, in the soak; `LOAD_SECONDS` says how long. */
const seconds = Number(process.env['LOAD_SECONDS'] ?? 20)
const perSecond = 20

const l1: Row = {
  id: 'L1',
  claim: `20 sign-ups/s for ${seconds} s on 5 nodes: nothing lost, visible everywhere within 500 ms (p99)`,
  run: async ({ cluster, signUps }) => {
    const acknowledgedAt: number[] = []
    const watch = new AbortController()
    const lags = Promise.all(cluster.nodes.map((node) => visibility(node, acknowledgedAt, watch.signal)))
    const began = performance.now()
    const running: Promise<void>[] = []
    for (let number = 0; number < seconds * perSecond; number++) {
      await delay(Math.max(0, began + (number * 1_000) / perSecond - performance.now()))
      const node = cluster.nodes[number % cluster.nodes.length]
      if (node === undefined) continue
      // An open loop: the next comes whether or not this one was answered.
      running.push(
        signUps
          .one(node)
          .then((outcome) => void (outcome === 'acknowledged' && acknowledgedAt.push(performance.now()))),
      )
    }
    await Promise.all(running)
    const rate = signUps.acknowledged.length / ((performance.now() - began) / 1_000)
    const took = await checkAll(cluster, signUps, { within: 30_000, sample: 60 })
    watch.abort()
    const visible = quantilesOf((await lags).flat())
    const why = [...new Set(signUps.unknown.map((one) => one.why))].slice(0, 5)
    expect(why, `${signUps.unknown.length} sign-ups were not acknowledged`).toEqual([])
    expect(visible.p99, `visible after ${showQuantiles(visible)}`).toBeLessThanOrEqual(500)
    return (
      `${signUps.acknowledged.length} acknowledged, ${rate.toFixed(1)}/s; visible everywhere after ${showQuantiles(visible)}; ` +
      `answered after ${showQuantiles(quantilesOf(signUps.took))}; equal ${ms(took)} after the last`
    )
  },
}

/**
 * How long after its acknowledgement each sign-up was visible on a node: when the node has k users, the first k that were
 * acknowledged may be taken to be there, as each is sent on at once. The lag is never less than a poll took.
 */
const visibility = async (
  node: ClusterNode,
  acknowledgedAt: readonly number[],
  signal: AbortSignal,
): Promise<number[]> => {
  const lags: number[] = []
  while (!signal.aborted || lags.length < acknowledgedAt.length) {
    const { users } = await status(node)
    const now = performance.now()
    while (lags.length < Math.min(users, acknowledgedAt.length))
      lags.push(Math.max(0, now - (acknowledgedAt[lags.length] ?? now)))
    await delay(50)
  }
  return lags
}

describe('the fault matrix: load', () => {
  const start = (): Promise<Cluster> => startBudget(5)
  lanes({ name: 'load', start, rows: [l1] })
})
