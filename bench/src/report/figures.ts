import type { Comparison, Reach, Unit } from '../measurement.ts'
import type { Row } from '../statistics/compare.ts'
import type { Summary } from '../statistics/summary.ts'

/** Three digits, and thousands apart: `27,400 /s`. */
export const figure = (value: number, unit: Unit | '×'): string => `${digits(value)} ${unit}`

const digits = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en-US', { maximumSignificantDigits: 3 })

/** The middle and the spread: `2.1 × (1.9 to 2.3)`. */
export const spread = ({ median, min, max }: Summary, unit: Unit | '×'): string =>
  `${figure(median, unit)} (${digits(min)} to ${digits(max)})`

/** In what a relation is told: a ratio has no unit of its own. */
export const unitOf = ({ relation, unit }: Comparison): Unit | '×' => (relation === 'ratio' ? '×' : unit)

export const besideOf = (comparison: Comparison): string =>
  comparison.relation === 'absolute' ? '–' : comparison.rival.contestant

export const reachOf = (reach: Reach | undefined, unit: Unit | '×'): string =>
  reach === undefined ? '–' : `${reach.type === 'at least' ? '≥' : '≤'} ${figure(reach.value, unit)}`

export const verdictOf = (row: Row): string => {
  if (row.type === 'skipped') return `skipped: ${row.why}`
  return row.verdict === 'not reached' ? '**not reached**' : row.verdict
}
