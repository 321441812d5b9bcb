import { join } from 'node:path'
import { ForeignDataError, NewerFormatError, OldFormatError } from '../../errors.ts'
import { quietly, type Files } from '../file-system/files.ts'
import { format, mostHeaderBytes, readHeader, type Header, type ReadHeader } from '../format/header.ts'
import { dataFiles, isOfLevelDb, type FileName } from '../format/names.ts'

/** A file of the folder. */
export interface StoredFile {
  readonly name: FileName
  /** What it says of itself; undefined if that is damaged. */
  readonly header: Header | undefined
}

/**
 * Looks at what is in a folder, and changes nothing.
 *
 * @throws OldFormatError, NewerFormatError, ForeignDataError
 */
export const takeInventory = async (
  files: Files,
  folder: string,
  owner: string,
): Promise<readonly StoredFile[]> => {
  const names = await files.list(folder)
  if (isOfLevelDb(names)) throw new OldFormatError(oldFormat(folder))
  const stored: StoredFile[] = []
  for (const name of dataFiles(names)) {
    const read = await headerOf(files, join(folder, name.name))
    if (read.is === 'newer')
      throw new NewerFormatError(
        `${folder} holds data of format ${read.format}, of a later version; this one reads format ${format}; nothing was read or changed`,
      )
    const header = read.is === 'whole' ? read.header : undefined
    if (header !== undefined && header.owner !== owner)
      throw new ForeignDataError(
        `${folder} holds data of ${shown(header.owner)}; expected ${shown(owner)}; nothing was read or changed`,
      )
    stored.push({ name, header })
  }
  return stored
}

const oldFormat = (folder: string): string =>
  `${folder} holds data of an earlier version (LevelDB); export it with that version (grapevine users export FILE), move the ` +
  'folder away, start this version, and import it (grapevine users import FILE); nothing was read or changed'

const shown = (owner: string): string => JSON.stringify(owner)

/** What cannot be read is damaged. */
const headerOf = async (files: Files, path: string): Promise<ReadHeader> => {
  const file = await files.open(path, 'read')
  try {
    return readHeader(await file.read(mostHeaderBytes, 0))
  } catch {
    return { is: 'damaged' }
  } finally {
    await quietly(file.close())
  }
}

/** More than the newest snapshot and one log after it. */
export const isBeyondOneLog = (stored: readonly StoredFile[]): boolean => {
  const kinds = stored.map(({ name }) => name.kind).join(' ')
  return !['', 'log', 'snapshot', 'snapshot log'].includes(kinds)
}
