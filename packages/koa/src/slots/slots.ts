import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { codeOf, reasonOf } from '@grapevine/std'
import { privateModes, replaceFile } from '@grapevine/std/node'
import { lockFolder } from '@grapevine/replica'
import { SettingError } from '../settings/setting-error.ts'
import { hasData, unreadSlots, type SeenSlot } from './unread-slots.ts'
import type { Settings } from '../settings/settings.ts'

/** The place of one process among several that share `DATA_DIR`. */
export interface Slot {
  /** With the folder and the name of this process alone. */
  readonly settings: Settings
  /** Slots with data that no process has, as last seen. */
  unread(): readonly string[]
  /** Tells of such slots when they change. */
  onUnread(listener: (folders: readonly string[]) => void): void
  /** For the next process. */
  release(): Promise<void>
}

/** For the command line, which looks for the process of its own host. */
const holderFile = 'holder'

/** Greater, the later the slot was used. A count and not a time: clocks may be wrong, and set back. */
const usedFile = 'used'

const betweenStamps = 10_000
/** A minute: so long a process may take that starts, or is late to stamp. */
const turnsUntilUnread = 6

/**
 * Takes the slot of `DATA_DIR` that was used last of those no living process has: what others know may be long out of date. Then one
 * with data and without a stamp, as versions before left it; one that was never used only if none of these is free: the folder
 * itself, then `slot-2` in it, and so on. Who has one
 * is told by a lock that the kernel lets go of with its process, so a slot whose process ended is taken by the next, with all
 * that it knew and as the member that it was.
 *
 * @throws SettingError if none is free, or the folder cannot be used
 */
export const takeSlot = async (settings: Settings): Promise<Slot> => {
  const { dataSlots, dataDir } = settings
  if (dataSlots === 1) return onlySlot(settings)
  const all = Array.from({ length: dataSlots }, (_, index) => slotOf(settings, index + 1))
  const folders = all.map((own) => own.dataDir)
  const seen = await Promise.all(folders.map(seenAt))
  const rankOf = (index: number): number => seen[index]?.stamp || (seen[index]?.hasData === true ? 0.5 : 0)
  const lastUsedFirst = all
    .map((own, index) => ({ own, rank: rankOf(index) }))
    .toSorted((a, b) => b.rank - a.rank)
  for (const { own } of lastUsedFirst) {
    const unlock = await lockSlot(own.dataDir)
    if (unlock !== undefined) return { settings: own, ...(await stamping(own.dataDir, folders, unlock)) }
  }
  throw new SettingError(
    'DATA_SLOTS',
    `all ${dataSlots} slots of ${dataDir} are in use by other processes; allow more, up to 64, or give each host its own DATA_DIR`,
  )
}

const onlySlot = (settings: Settings): Slot => ({
  settings,
  unread: () => [],
  onUnread: () => undefined,
  release: async () => undefined,
})

const seenAt = async (folder: string): Promise<SeenSlot> => ({
  folder,
  stamp: await stampOf(folder),
  hasData: await hasData(folder),
})

const slotOf = (settings: Settings, number: number): Settings =>
  number === 1
    ? settings
    : {
        ...settings,
        dataDir: join(settings.dataDir, `slot-${number}`),
        nodeName: `${settings.nodeName}-${number}`,
      }

const stampOf = async (folder: string): Promise<number> => {
  try {
    const stamp = Number(await readFile(join(folder, usedFile), 'utf8'))
    return Number.isSafeInteger(stamp) ? stamp : 0
  } catch {
    // It was never used.
    return 0
  }
}

/** Failing to is nobody's failure: a full disk must not keep a process from starting, or from ending. */
const stampAsLast = async (folder: string, folders: readonly string[]): Promise<void> => {
  try {
    const last = Math.max(...(await Promise.all(folders.map(stampOf))))
    await replaceFile(join(folder, usedFile), `${last + 1}\n`)
  } catch {
    // The stamp before stays.
  }
}

/** Stamps it now, while it is held, and when it is let go of; and looks who else does. */
const stamping = async (
  folder: string,
  folders: readonly string[],
  unlock: Slot['release'],
): Promise<Omit<Slot, 'settings'>> => {
  const look = unreadSlots(turnsUntilUnread)
  const listeners: ((folders: readonly string[]) => void)[] = []
  let unread: readonly string[] = []
  const turn = async (): Promise<void> => {
    await stampAsLast(folder, folders)
    const now = look(await Promise.all(folders.filter((each) => each !== folder).map(seenAt)))
    const isOther = now.join('\n') !== unread.join('\n')
    unread = now
    if (isOther) for (const listener of listeners) listener(now)
  }
  let stamped = turn()
  await stamped
  const timer = setInterval(() => void (stamped = stamped.then(turn)), betweenStamps).unref()
  return {
    unread: () => unread,
    onUnread: (listener) => void listeners.push(listener),
    release: async () => {
      clearInterval(timer)
      await stamped
      await stampAsLast(folder, folders)
      await unlock()
    },
  }
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
