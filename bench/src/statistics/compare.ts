import { summarise, type Summary } from './summary.ts'
import type { Comparison, Reach, Readings, Source } from '../measurement.ts'

/** What each contestant read, round by round; or why it was not measured. */
export type Samples = ReadonlyMap<string, readonly Readings[] | { readonly absent: string }>

/** A comparison with its figures. */
export type Row = { readonly comparison: Comparison } & (
  | {
      readonly type: 'measured'
      readonly subject: Summary
      readonly rival: Summary | undefined
      /** The relation, round by round, and then summarised: what disturbed a round disturbed both. */
      readonly figure: Summary
      readonly verdict: Verdict
    }
  | { readonly type: 'skipped'; readonly why: string }
)

export type Verdict = 'reached' | 'not reached' | 'no target'

export const compare = (comparison: Comparison, samples: Samples): Row => {
  const rivals = comparison.relation === 'absolute' ? undefined : valuesOf(comparison.rival, samples)
  const subjects = valuesOf(comparison.subject, samples)
  if ('absent' in subjects) return { comparison, type: 'skipped', why: subjects.absent }
  if (rivals !== undefined && 'absent' in rivals) return { comparison, type: 'skipped', why: rivals.absent }
  const figure = summarise(subjects.map((value, round) => relate(comparison, value, rivals?.[round])))
  return {
    comparison,
    type: 'measured',
    subject: summarise(subjects),
    rival: rivals === undefined ? undefined : summarise(rivals),
    figure,
    verdict: judge(figure.median, comparison.reach),
  }
}

const valuesOf = (
  { contestant, reading }: Source,
  samples: Samples,
): readonly number[] | { readonly absent: string } => {
  const rounds = samples.get(contestant)
  if (rounds === undefined) throw new Error(`nobody is called ${contestant}`)
  if ('absent' in rounds) return rounds
  return rounds.map((readings) => {
    const value = readings[reading]
    if (value === undefined || !Number.isFinite(value))
      throw new Error(`${contestant} gave ${String(value)} as ${reading}; a number is needed`)
    return value
  })
}

const relate = ({ relation }: Comparison, subject: number, rival = Number.NaN): number => {
  switch (relation) {
    case 'absolute':
      return subject
    case 'ratio':
      return subject / rival
    case 'difference':
      return subject - rival
  }
}

const judge = (median: number, reach: Reach | undefined): Verdict => {
  if (reach === undefined) return 'no target'
  const holds = reach.type === 'at least' ? median >= reach.value : median <= reach.value
  return holds ? 'reached' : 'not reached'
}
