import { quantile } from '../../statistics/summary.ts'
import type { Readings } from '../../measurement.ts'

/** Middle and tail of some milliseconds. */
export const tails = (times: readonly number[]): Readings => ({
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
})

/** From when each was begun to when the last of the nodes had it. @throws if one of them lacks one */
export const delays = (
  begun: ReadonlyMap<string, number>,
  arrivals: readonly ReadonlyMap<string, number>[],
): readonly number[] =>
  [...begun].map(([name, start]) => {
    const seen = arrivals.map((node) => node.get(name) ?? Number.NaN)
    const last = Math.max(...seen)
    if (Number.isNaN(last)) throw new Error(`${name} did not arrive everywhere`)
    return last - start
  })
