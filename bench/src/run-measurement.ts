import { compare, type Row, type Samples } from './statistics/compare.ts'
import type { Contestant, Context, Measurement, Readings } from './measurement.ts'

export interface Measured {
  readonly name: string
  readonly title: string
  readonly how: string
  readonly rows: readonly Row[]
  /** Every reading of every round, also those that no row quotes. */
  readonly readings: Readonly<Record<string, readonly Readings[]>>
}

/**
 * Lets all contestants run once a round, in turn and each time from the next one on, so that neither a slow minute of
 * the machine nor the order favours one of them.
 */
export const runMeasurement = async (
  measurement: Measurement,
  context: Context,
  rounds: number,
): Promise<Measured> => {
  const contestants = await measurement.prepare(context)
  const present = contestants.filter((contestant) => contestant.type === 'present')
  const taken = new Map<string, Readings[]>(present.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of rotated(present, round)) {
      const readings = await contestant.run()
      context.progress(`round ${round + 1} of ${rounds}, ${contestant.name}: ${describe(readings)}`)
      taken.get(contestant.name)?.push(readings)
    }
  }
  const samples = samplesOf(contestants, taken)
  const { name, title, how, comparisons } = measurement
  return {
    name,
    title,
    how,
    rows: comparisons.map((comparison) => compare(comparison, samples)),
    readings: Object.fromEntries(taken),
  }
}

export const rotated = <T>(items: readonly T[], by: number): readonly T[] => {
  const start = items.length === 0 ? 0 : by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

const samplesOf = (
  contestants: readonly Contestant[],
  taken: ReadonlyMap<string, readonly Readings[]>,
): Samples =>
  new Map(
    contestants.map((contestant) => [
      contestant.name,
      contestant.type === 'absent' ? { absent: contestant.why } : (taken.get(contestant.name) ?? []),
    ]),
  )

const describe = (readings: Readings): string =>
  Object.entries(readings)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ')
