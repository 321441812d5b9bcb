import { join } from 'node:path'
import { reasonOf, type Log } from '@grapevine/std'
import { quietly, writeAll, type Files } from '../file-system/files.ts'
import { encodeHeader } from '../format/header.ts'
import { fileName, type Salt } from '../format/names.ts'

export interface OwnerMark {
  readonly files: Files
  readonly folder: string
  readonly owner: string
  readonly drawSalt: () => Salt
  readonly log: Log
}

/**
 * Begins the first log of an empty folder, so that the folder says whose it is before anything is written. On a disk that
 * takes nothing it goes on without: reading needs none, and the first write that succeeds begins one.
 */
export const markOwner = async ({ files, folder, owner, drawSalt, log }: OwnerMark): Promise<void> => {
  const { name, ...about } = fileName('log', 1, drawSalt())
  try {
    const file = await files.open(join(folder, name), 'create')
    try {
      await writeAll(file, encodeHeader({ ...about, owner, length: 0 }), 0)
      await file.sync()
    } finally {
      await quietly(file.close())
    }
    await files.syncFolder(folder)
  } catch (error) {
    log.debug({ folder, reason: reasonOf(error) }, 'the folder could not be marked with its owner')
  }
}
