import type { Outcome } from './outcome.ts'

/** What all seeds of a run come to. */
export interface Totals {
  add(outcome: Outcome): void
  readonly seeds: number
  readonly failing: readonly Outcome[]
  /** Lines for people. */
  report(elapsedMs: number): readonly string[]
}

export const createTotals = (): Totals => {
  const failing: Outcome[] = []
  const faults = new Map<string, number>()
  const acts = new Map<string, number>()
  let seeds = 0
  let virtualMs = 0
  const count = (into: Map<string, number>, from: readonly (readonly [string, number])[]): void => {
    for (const [name, times] of from) into.set(name, (into.get(name) ?? 0) + times)
  }
  return {
    add: (outcome) => {
      seeds += 1
      virtualMs += outcome.virtualMs
      count(faults, outcome.faults)
      count(acts, outcome.acts)
      if (outcome.findings.length > 0) failing.push(outcome)
    },
    get seeds() {
      return seeds
    },
    failing,
    report: (elapsedMs) => [
      `${seeds} seeds in ${(elapsedMs / 1_000).toFixed(1)} s: ${((seeds * 60_000) / elapsedMs).toFixed(0)} a minute, ${(virtualMs / 3_600_000).toFixed(1)} h of virtual time`,
      `faults: ${listed(faults)}`,
      `acts: ${listed(acts)}`,
      failing.length === 0
        ? 'nothing found'
        : `${failing.length} seeds found something: ${failing.map(({ seed }) => seed).join(', ')}`,
    ],
  }
}

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(', ')
