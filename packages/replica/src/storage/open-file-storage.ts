import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import {
  check,
  checkOptions,
  optional,
  silentLog,
  systemClock,
  text,
  withMethods,
  type Checks,
  type Log,
} from '@grapevine/std'
import { fileStorage } from './file/file-storage.ts'
import { mostOwnerBytes } from './format/header.ts'
import { nodeFiles } from './file-system/node-files.ts'
import { unavailable } from './file-system/unavailable.ts'
import { acquireLock } from './lock/lock.ts'
import type { Storage } from './storage.ts'

export interface FileStorageOptions {
  /** Created if missing; one process at a time. */
  readonly folder: string
  /** Whose data it is, for example cluster and document: 1 to 512 bytes. Other data in the folder is refused. */
  readonly owner: string
  /** @default silent */
  readonly log?: Log
}

const checks: Checks<FileStorageOptions> = {
  folder: text(1, 4_096),
  owner: check(
    (value): value is string =>
      typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= mostOwnerBytes,
    `text of 1 to ${mostOwnerBytes} bytes`,
  ),
  log: optional(withMethods<Log>('debug', 'info', 'warn', 'error')),
}

/**
 * Keeps records in append-only files: each group of appends takes one write and one flush. See `docs/storage.md` for the
 * files, and what is done when they are damaged.
 *
 * @throws InvalidOptionError, StorageLockedError, OldFormatError, NewerFormatError, ForeignDataError,
 * StorageUnavailableError
 */
export const openFileStorage = async (options: FileStorageOptions): Promise<Storage> => {
  checkOptions(options, checks)
  const { owner, log = silentLog } = options
  // The working folder may change.
  const folder = resolve(options.folder)
  const failed = unavailable(`${folder} cannot be used`)
  await nodeFiles.createFolder(folder).catch(failed)
  const lock = await acquireLock()(folder, log).catch(failed)
  try {
    return await fileStorage({
      files: nodeFiles,
      folder,
      owner,
      log,
      clock: systemClock,
      drawSalt: () => randomBytes(8),
      release: lock.release,
    })
  } catch (error) {
    await lock.release()
    return failed(error)
  }
}
