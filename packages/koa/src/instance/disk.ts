import { access, constants, mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { privateModes } from '@grapevine/std/node'
import { openFileStorage, writeAll, type Clock, type Files, type Storage } from '@grapevine/replica'
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

/** What the files are on, and what is written to them by. */
export interface FileParts {
  /** @default the machine's */
  readonly files?: Files | undefined
  /** @default the machine's */
  readonly clock?: Clock
  /** @default those of node:crypto */
  readonly randomBytes?: (size: number) => Buffer
}

export const folderDisk = (
  { dataDir, clusterName }: Pick<Settings, 'dataDir' | 'clusterName'>,
  log: Logger,
  { files, clock, randomBytes }: FileParts = {},
): Disk => {
  const folders = files === undefined ? machineFolders : foldersOf(files)
  const parts = {
    ...(files && { files }),
    ...(clock && { clock }),
    ...(randomBytes && { randomBytes }),
  }
  return {
    prepare: async () => {
      try {
        await folders.prepare(dataDir)
      } catch (error) {
        throw new SettingError('DATA_DIR', reasonOf(error))
      }
    },
    open: async (name) => {
      const folder = join(dataDir, name)
      await folders.make(folder)
      const owner = `${clusterName}/${name}`
      return openFileStorage({ folder, owner, log, ...parts })
    },
    list: (prefix) => folders.list(join(dataDir, prefix)).catch(() => []),
    remove: (name) => folders.remove(join(dataDir, name)),
  }
}

interface Folders {
  /** The data folder, before all else. */
  prepare(dataDir: string): Promise<void>
  make(folder: string): Promise<void>
  list(folder: string): Promise<readonly string[]>
  remove(folder: string): Promise<void>
}

const machineFolders: Folders = {
  prepare: async (dataDir) => {
    await makeFolder(dataDir)
    await makeFolder(join(dataDir, 'member'))
    await access(dataDir, constants.R_OK | constants.W_OK)
  },
  make: (folder) => makeFolder(folder),
  list: (folder) => readdir(folder),
  remove: (folder) => rm(folder, { recursive: true, force: true }),
}

const foldersOf = (files: Files): Folders => ({
  prepare: (dataDir) => files.createFolder(dataDir),
  make: files.createFolder,
  list: files.list,
  remove: async (folder) => {
    for (const name of await files.list(folder)) await files.remove(join(folder, name))
    await files.remove(folder)
  },
})

const makeFolder = async (folder: string): Promise<void> =>
  void (await mkdir(folder, { recursive: true, mode: privateModes().folder }))

/** A small file that is replaced as a whole. */
export interface Kept {
  /** `undefined` when nothing was ever written. */
  read(): Promise<Uint8Array | undefined>
  write(bytes: Uint8Array): Promise<void>
}

/** As `replaceFile` of std, on a file system that is handed in. */
export const keptIn = (files: Files, path: string): Kept => ({
  read: async () => {
    try {
      const file = await files.open(path, 'read')
      const bytes = await file.read(await file.size(), 0)
      await file.close()
      return bytes
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  },
  write: async (bytes) => {
    const draft = `${path}.new`
    await files.createFolder(dirname(path))
    const file = await files.open(draft, 'create')
    try {
      await writeAll(file, bytes, 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await files.rename(draft, path)
    await files.syncFolder(dirname(path))
  },
})
