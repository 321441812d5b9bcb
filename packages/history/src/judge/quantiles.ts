/** Of some durations, in milliseconds. All 0 if there are none. */
export interface Quantiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** By nearest rank: every figure is one that was measured. */
export const quantilesOf = (durations: readonly number[]): Quantiles => {
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}

export const showQuantiles = ({ count, p50, p90, p99, max }: Quantiles): string => {
  const [a, b, c, d] = [p50, p90, p99, max].map((ms) => Math.round(ms))
  return `p50 ${a} ms, p90 ${b} ms, p99 ${c} ms, max ${d} ms (of ${count})`
}
