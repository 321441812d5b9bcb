import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { page } from './page.ts'
import { plotsOf } from './plots-of.ts'
import type { Report } from './report.ts'

/** Puts the report into a folder: JSON, page and plots; those of an earlier run are replaced. */
export const writeReport = async (report: Report, folder: string, jsonName: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  for (const file of await readdir(folder)) if (file.endsWith('.svg')) await rm(join(folder, file))
  const plots = new Map(report.measurements.map((measured) => [measured.name, plotsOf(measured)]))
  for (const { file, svg } of [...plots.values()].flat()) await writeFile(join(folder, file), svg)
  await writeFile(join(folder, jsonName), `${JSON.stringify(report, undefined, 2)}\n`)
  await writeFile(join(folder, 'README.md'), page(report, plots))
}
