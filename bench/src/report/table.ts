import { besideOf, reachOf, spread, unitOf, verdictOf } from './figures.ts'
import type { Row } from '../statistics/compare.ts'

const head = ['what', 'Grapevine', 'beside', 'there', 'relation', 'target', '']

/** A Markdown table of rows. */
export const table = (rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows.map(cells)]
    .map((line) => `| ${line.map(escape).join(' | ')} |`)
    .join('\n')

const cells = (row: Row): readonly string[] => {
  const { comparison } = row
  const unit = unitOf(comparison)
  const measured = row.type === 'measured'
  return [
    comparison.what,
    measured ? spread(row.subject, comparison.unit) : '–',
    besideOf(comparison),
    measured && row.rival !== undefined ? spread(row.rival, comparison.unit) : '–',
    measured && comparison.relation !== 'absolute' ? spread(row.figure, unit) : '–',
    reachOf(comparison.reach, unit),
    verdictOf(row),
  ]
}

const escape = (cell: string): string => cell.replaceAll('|', String.raw`\|`)
