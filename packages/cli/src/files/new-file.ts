import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, open, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { FileError } from '../errors.ts'

/** What is written may open every account: it is for its owner only. */
const ownerOnly = 0o600

/**
 * Makes a file that is either whole, and on disk, or not there: it is written beside, under a name that begins with a dot, and gets
 * its own name at last. Whatever `write` throws takes it away again; only a crash leaves the one beside.
 *
 * @throws FileError, also when there is such a file: nothing is ever overwritten
 */
export const newFile = async <T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> => {
  await refuseExisting(path)
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  const file = await opened(draft, path)
  try {
    const value = await write(file)
    await file.sync()
    await file.close()
    await named(draft, path)
    return value
  } finally {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
  }
}

const refuseExisting = async (path: string): Promise<void> => {
  const isThere = await access(path, constants.F_OK).then(
    () => true,
    () => false,
  )
  if (isThere) throw exists(path)
}

const exists = (path: string): FileError => new FileError(`${path} exists already. Nothing was written.`)

const opened = async (draft: string, path: string): Promise<FileHandle> => {
  try {
    return await open(draft, 'wx', ownerOnly)
  } catch (error) {
    throw new FileError(`${path} cannot be written: ${reasonOf(error)}. Nothing was written.`, {
      cause: error,
    })
  }
}

/** A link and not a new name, which would take the place of what somebody put there meanwhile. */
const named = async (draft: string, path: string): Promise<void> => {
  try {
    await link(draft, path)
    await syncFolder(dirname(path))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw exists(path)
    throw new FileError(`${path} cannot be written: ${reasonOf(error)}`, { cause: error })
  }
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
