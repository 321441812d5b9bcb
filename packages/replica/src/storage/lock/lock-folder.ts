import { resolve } from 'node:path'
import { silentLog, type Log } from '@grapevine/std'
import { acquireLock } from './lock.ts'
import type { Lock } from './held-lock.ts'

/**
 * Takes a folder for this process, until it is released or the process ends, however that ends. The folder must exist.
 *
 * @throws StorageLockedError if another process has it, in whichever container of this machine
 */
export const lockFolder = (folder: string, log: Log = silentLog): Promise<Lock> =>
  acquireLock()(resolve(folder), log)
