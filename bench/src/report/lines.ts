import { besideOf, figure, reachOf, spread, unitOf, verdictOf } from './figures.ts'
import type { Row } from '../statistics/compare.ts'

/** A row for the terminal. */
export const lines = (row: Row): string => {
  const { comparison } = row
  const unit = unitOf(comparison)
  const beside = comparison.relation === 'absolute' ? '' : `, beside ${besideOf(comparison)}`
  const told = row.type === 'skipped' ? '' : `${spread(row.figure, unit)}${plain(row)}  `
  const target = comparison.reach === undefined ? '' : `[target ${reachOf(comparison.reach, unit)}]  `
  return `  ${comparison.what}${beside}\n    ${told}${target}${verdictOf(row).replaceAll('**', '')}`
}

const plain = (row: Extract<Row, { type: 'measured' }>): string =>
  row.rival === undefined
    ? ''
    : `: ${figure(row.subject.median, row.comparison.unit)} beside ${figure(row.rival.median, row.comparison.unit)}`
