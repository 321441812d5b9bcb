import { access, constants, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf } from '@grapevine/std'
import { privateModes } from '@grapevine/std/node'
import { openFileStorage, type Storage } from '@grapevine/replica'
import { SettingError } from '../settings/setting-error.ts'
import type { Logger } from 'pino'
import type { Settings } from '../settings/settings.ts'

/** Where documents are kept, each under a name such as `users` or `sessions/2953`. */
export interface Disk {
  /** Before anything is told to others: a disk that is in use or not ours ends the start. @throws SettingError */
  prepare(): Promise<void>
  open(name: string): Promise<Storage>
  /** Last parts of the names under a prefix, such as `2953` under `sessions`. */
  list(prefix: string): Promise<readonly string[]>
  /** Of a document that is closed. */
  remove(name: string): Promise<void>
}

export const folderDisk = (
  { dataDir, clusterName }: Pick<Settings, 'dataDir' | 'clusterName'>,
  log: Logger,
): Disk => ({
  prepare: async () => {
    try {
      await makeFolder(dataDir)
      await makeFolder(join(dataDir, 'member'))
      await access(dataDir, constants.R_OK | constants.W_OK)
    } catch (error) {
      throw new SettingError('DATA_DIR', reasonOf(error))
    }
  },
  open: async (name) => {
    const folder = join(dataDir, name)
    await makeFolder(folder)
    return openFileStorage({ folder, owner: `${clusterName}/${name}`, log })
  },
  list: (prefix) => readdir(join(dataDir, prefix)).catch(() => []),
  remove: (name) => rm(join(dataDir, name), { recursive: true, force: true }),
})

const makeFolder = async (folder: string): Promise<void> =>
  void (await mkdir(folder, { recursive: true, mode: privateModes().folder }))
