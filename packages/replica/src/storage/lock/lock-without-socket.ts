import { stat } from 'node:fs/promises'
import { codeOf, type Log } from '@grapevine/std'
import { StorageLockedError } from '../../errors.ts'
import { listen } from './doorbell.ts'
import type { Lock } from './held-lock.ts'

const nothing: Lock = { release: async () => undefined }

/**
 * Where the file system has no Unix sockets: on Linux an abstract one, named after the folder's device and inode. The
 * kernel frees it with the process too, but another container, with a network of its own, does not see it.
 *
 * @throws StorageLockedError
 */
export const lockWithoutSocket = async (folder: string, log: Log, reason: string): Promise<Lock> => {
  if (process.platform !== 'linux') {
    log.warn(
      { folder, reason },
      'no Unix socket can be made here; nothing stops a second process from using it',
    )
    return nothing
  }
  const { dev, ino } = await stat(folder, { bigint: true })
  try {
    const bell = await listen(`\0grapevine/${dev}/${ino}`)
    log.warn(
      { folder, reason },
      'no Unix socket can be made here; another container could use it at the same time',
    )
    return { release: bell.close }
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error
    throw new StorageLockedError(`${folder} is in use by another process`)
  }
}
