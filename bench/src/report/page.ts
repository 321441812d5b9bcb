import type { Report } from './report.ts'
import type { Plot } from './plots-of.ts'
import { table } from './table.ts'
import type { Measured } from '../run-measurement.ts'

/** The report as a Markdown page, beside its plots. */
export const page = (report: Report, plots: ReadonlyMap<string, readonly Plot[]>): string =>
  [
    '# Beside what people use today',
    '',
    '<!-- Written by `pnpm bench`; edit the bench instead. -->',
    '',
    ...preface(report),
    '',
    ...scoreOf(report),
    '',
    ...report.measurements.flatMap((measured) => section(measured, plots.get(measured.name) ?? [])),
  ].join('\n')

const preface = ({ begun, took, mode, rounds, machine }: Report): readonly string[] => [
  ...(mode === 'quick' ? ['**A quick run: sizes are small, the figures mean nothing.**', ''] : []),
  `One run of \`pnpm bench\`, ${begun.slice(0, 10)}, ${Math.round(took)} minutes, ${rounds} rounds, revision \`${machine.revision}\`. ` +
    `Machine: ${machine.cores} cores (${machine.cpu}), ${machine.memory} GiB, ${machine.system}, Node.js ${machine.node}, Redis ${machine.redis}.`,
  '',
  'Each figure is the median of the rounds, with the lowest and the highest in brackets. The relation is taken round by ' +
    'round, then summarised the same way; the verdict goes by its median. All programs of a measurement share this ' +
    'one machine; `bench/README.md` tells what that does to the figures.',
]

const scoreOf = ({ measurements }: Report): readonly string[] => {
  const rows = measurements.flatMap((measured) => measured.rows)
  const count = (verdict: string): number =>
    rows.filter((row) => row.type === 'measured' && row.verdict === verdict).length
  const skipped = rows.filter((row) => row.type === 'skipped').length
  return [`Targets reached: ${count('reached')}; not reached: ${count('not reached')}; skipped: ${skipped}.`]
}

const section = ({ title, how, rows }: Measured, plots: readonly Plot[]): readonly string[] => [
  `## ${title}`,
  '',
  table(rows),
  '',
  how,
  '',
  ...plots.flatMap((plot) => [`![${plot.title}](${plot.file})`, '']),
]
