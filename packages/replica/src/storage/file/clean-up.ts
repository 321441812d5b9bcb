import { join } from 'node:path'
import { reasonOf, type Log } from '@grapevine/std'
import { quietly, type Files } from '../file-system/files.ts'
import { dataFiles, isDamaged, isTemporary } from '../format/names.ts'

export interface CleaningContext {
  readonly files: Files
  readonly folder: string
  readonly log: Log
}

/**
 * Removes what a snapshot has made superfluous: all files of lower generations, snapshots that were not completed, and,
 * where it is asked for, what was set aside.
 *
 * @returns whether nothing of it is left
 */
export const removeBefore = async (
  { files, folder, log }: CleaningContext,
  generation: number,
  forgetDamaged: boolean,
): Promise<boolean> => {
  try {
    const names = await files.list(folder)
    const older = dataFiles(names).filter((file) => file.generation < generation)
    const others = names.filter((name) => isTemporary(name) || (forgetDamaged && isDamaged(name)))
    for (const name of [...older.map((file) => file.name), ...others]) await files.remove(join(folder, name))
    await files.syncFolder(folder)
    return true
  } catch (error) {
    log.warn({ folder, reason: reasonOf(error) }, 'what a compaction replaced could not be removed')
    return false
  }
}

/** Snapshots that were not completed when the process before ended. */
export const removeTemporary = async ({ files, folder }: CleaningContext): Promise<void> => {
  for (const name of await files.list(folder))
    if (isTemporary(name)) await quietly(files.remove(join(folder, name)))
}
