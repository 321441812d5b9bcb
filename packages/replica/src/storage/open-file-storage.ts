import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import {
  callback,
  check,
  checkOptions,
  optional,
  silentLog,
  systemClock,
  text,
  withMethods,
  type Checks,
  type Clock,
  type Log,
} from '@grapevine/std'
import { fileStorage } from './file/file-storage.ts'
import { mostOwnerBytes } from './format/header.ts'
import { nodeFiles } from './file-system/node-files.ts'
import { unavailable } from './file-system/unavailable.ts'
import { acquireLock } from './lock/lock.ts'
import type { Files } from './file-system/files.ts'
import type { Storage } from './storage.ts'

export interface FileStorageOptions {
  /** Created if missing; one process at a time. */
  readonly folder: string
  /** Whose data it is, for example cluster and document: 1 to 512 bytes. Other data in the folder is refused. */
  readonly owner: string
  /** @default silent */
  readonly log?: Log
  /** Another file system than the machine's, for simulations. Its folders are not locked: who hands it in has one user of each. @default the machine's */
  readonly files?: Files
  /** For what is written a while later. @default systemClock */
  readonly clock?: Clock
  /** Unguessable: a file's salt. @default those of node:crypto */
  readonly randomBytes?: (size: number) => Buffer
}

const checks: Checks<FileStorageOptions> = {
  folder: text(1, 4_096),
  owner: check(
    (value): value is string =>
      typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= mostOwnerBytes,
    `text of 1 to ${mostOwnerBytes} bytes`,
  ),
  log: optional(withMethods<Log>('debug', 'info', 'warn', 'error')),
  files: optional(withMethods<Files>('createFolder', 'list', 'open', 'rename', 'remove', 'syncFolder')),
  clock: optional(withMethods<Clock>('now', 'after')),
  randomBytes: optional(callback<(size: number) => Buffer>()),
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
  const { owner, log = silentLog, files = nodeFiles, clock = systemClock } = options
  const { randomBytes: draw = randomBytes } = options
  // The working folder may change.
  const folder = resolve(options.folder)
  const failed = unavailable(`${folder} cannot be used`)
  await files.createFolder(folder).catch(failed)
  const release = files === nodeFiles ? (await acquireLock()(folder, log).catch(failed)).release : noRelease
  try {
    return await fileStorage({ files, folder, owner, log, clock, drawSalt: () => draw(8), release })
  } catch (error) {
    await release()
    return failed(error)
  }
}

const noRelease = async (): Promise<void> => undefined
