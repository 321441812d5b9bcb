import { join } from 'node:path'
import { reasonOf, type Log } from '@grapevine/std'
import { quietly, writeAll, type Files, type OpenFile } from '../file-system/files.ts'
import { damagedName, type FileName } from '../format/names.ts'
import type { Region } from '../format/scan.ts'

/** Counts what is damaged, says so, and keeps a copy of the bytes for whoever wants to look. */
export interface Damage {
  readonly count: number
  /** Files that hold copies. */
  readonly setAside: number
  /** Nothing of what was set aside is left. */
  forgotten(): void
  /** These stretches of a file are no whole frames. */
  found(name: FileName, file: OpenFile, regions: readonly Region[]): Promise<void>
  /** Something is not there that was. */
  missing(fields: object, what: string): void
}

const piece = 1_048_576
const consequence = 'members will be asked for what it held'

/** @param before - files that hold copies already, from earlier starts */
export const createDamage = (files: Files, folder: string, log: Log, before: readonly string[]): Damage => {
  let count = 0
  const asides = new Set(before)

  const setAside = async (name: FileName, file: OpenFile, regions: readonly Region[]): Promise<void> => {
    const aside = await files.open(join(folder, damagedName(name)), 'create')
    asides.add(damagedName(name))
    try {
      let at = 0
      for (const { from, to } of regions)
        for (let next = from; next < to; next += piece) {
          const bytes = await file.read(Math.min(piece, to - next), next)
          await writeAll(aside, bytes, at)
          at += bytes.length
        }
    } finally {
      await quietly(aside.close())
    }
  }

  return {
    get count() {
      return count
    },
    get setAside() {
      return asides.size
    },
    forgotten: () => asides.clear(),
    found: async (name, file, regions) => {
      if (regions.length === 0) return
      count += regions.length
      const [first] = regions
      const fields = { folder, file: name.name, regions: regions.length, first }
      log.error(fields, `the disk’s data is damaged and set aside; ${consequence}`)
      await setAside(name, file, regions).catch((error: unknown) =>
        log.warn({ ...fields, reason: reasonOf(error) }, 'damaged data could not be set aside'),
      )
    },
    missing: (fields, what) => {
      count += 1
      log.error({ folder, ...fields }, `${what}; ${consequence}`)
    },
  }
}
