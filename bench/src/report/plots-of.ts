import { plot, type Bar } from './plot.ts'
import type { Measured } from '../run-measurement.ts'
import type { Comparison } from '../measurement.ts'
import type { Row } from '../statistics/compare.ts'
import type { Summary } from '../statistics/summary.ts'

export interface Plot {
  /** Name of the file. */
  readonly file: string
  readonly title: string
  readonly svg: string
}

/** One plot for each thing that was measured in one unit: Grapevine's bar first, then each rival's. */
export const plotsOf = ({ name, rows }: Measured): readonly Plot[] => {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.comparison.what}\n${row.comparison.unit}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((group, index) => {
    const bars = barsOf(group)
    const [first] = group
    if (first === undefined || bars.length === 0) return []
    const { what, unit } = first.comparison
    // A rate has its unit in its name.
    const title = unit === '/s' ? capitalised(what) : `${capitalised(what)}, ${unit}`
    return [{ file: `${name}-${index + 1}.svg`, title, svg: plot(title, unit, bars) }]
  })
}

const barsOf = (rows: readonly Row[]): readonly Bar[] => {
  const bars = new Map<string, Bar>()
  const add = (label: string, summary: Summary, own: boolean): void => {
    if (!bars.has(label)) bars.set(label, { label, summary, own })
  }
  for (const row of rows) {
    if (row.type === 'skipped') continue
    add(row.comparison.subject.contestant, row.subject, true)
    const rival = rivalOf(row.comparison)
    if (rival !== undefined && row.rival !== undefined) add(rival, row.rival, false)
  }
  return [...bars.values()]
}

const rivalOf = (comparison: Comparison): string | undefined =>
  comparison.relation === 'absolute' ? undefined : comparison.rival.contestant

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
