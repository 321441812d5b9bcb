import { mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { privateModes } from '@grapevine/std/node'
import { lockFolder } from '@grapevine/replica'
import { SettingError } from '../settings/setting-error.ts'
import type { Settings } from '../settings/settings.ts'

/** The place of one process among several that share `DATA_DIR`. */
export interface Slot {
  /** With the folder and the name of this process alone. */
  readonly settings: Settings
  /** For the next process. */
  release(): Promise<void>
}

/** For the command line, which looks for the process of its own host. */
const holderFile = 'holder'

/**
 * Takes the first slot of `DATA_DIR` that no living process has: the folder itself, then `slot-2` in it, and so on. Who has one
 * is told by a lock that the kernel lets go of with its process, so a slot whose process ended is taken by the next, with all
 * that it knew and as the member that it was.
 *
 * @throws SettingError if none is free, or the folder cannot be used
 */
export const takeSlot = async (settings: Settings): Promise<Slot> => {
  const { dataSlots, dataDir } = settings
  if (dataSlots === 1) return { settings, release: async () => undefined }
  for (let number = 1; number <= dataSlots; number += 1) {
    const own = slotOf(settings, number)
    const release = await lockSlot(own.dataDir)
    if (release !== undefined) return { settings: own, release }
  }
  throw new SettingError(
    'DATA_SLOTS',
    `all ${dataSlots} slots of ${dataDir} are in use by other processes; allow more, up to 64, or give each host its own DATA_DIR`,
  )
}

const slotOf = (settings: Settings, number: number): Settings =>
  number === 1
    ? settings
    : {
        ...settings,
        dataDir: join(settings.dataDir, `slot-${number}`),
        nodeName: `${settings.nodeName}-${number}`,
      }

const lockSlot = async (folder: string): Promise<Slot['release'] | undefined> => {
  try {
    await mkdir(folder, { recursive: true, mode: privateModes().folder })
    const { release } = await lockFolder(folder)
    await writeFile(join(folder, holderFile), `${hostname()}\n`, { mode: privateModes().file })
    return release
  } catch (error) {
    if (codeOf(error) === 'STORAGE_LOCKED') return undefined
    throw new SettingError('DATA_DIR', reasonOf(error))
  }
}
