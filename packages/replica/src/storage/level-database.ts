import { cp, mkdir, rename } from 'node:fs/promises'
import { ClassicLevel } from 'classic-level'
import { type Log, reasonOf } from '@grapevine/std'
import { ForeignDataError, StorageLockedError, StorageUnavailableError } from '../errors.ts'
import { keys } from './entry.ts'
import { encodeState, initialState, type Level } from './level-state.ts'

export interface DatabaseOptions {
  readonly folder: string
  readonly owner: string
  readonly log: Log
  /** Milliseconds since 1970, for the names of what is set aside. */
  readonly now: () => number
}

const format = 1

/**
 * Opens a folder, signs an empty one, and reads only one that this owner has signed. One that LevelDB finds corrupt
 * is copied aside first; then what can be saved of it is used.
 *
 * @throws StorageLockedError, ForeignDataError, StorageUnavailableError
 */
export const openDatabase = async (
  options: DatabaseOptions,
): Promise<{ readonly level: Level; readonly isDamaged: boolean }> => {
  const { folder, log } = options
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(unavailable(folder))
  try {
    return { level: await openClaimed(options), isDamaged: false }
  } catch (error) {
    if (!isCorrupt(error)) throw error
    const aside = nameAside(options)
    await cp(folder, aside, { recursive: true }).catch(unavailable(folder))
    log.error(
      { aside, reason: reasonOf(error) },
      'the disk’s data is damaged; a copy is set aside, the rest is used',
    )
  }
  try {
    await ClassicLevel.repair(folder)
    return { level: await openClaimed(options), isDamaged: true }
  } catch (error) {
    log.error(
      { reason: reasonOf(error) },
      'nothing of the damaged data can be used; members will be asked for it',
    )
    return { level: await startAnew(options), isDamaged: true }
  }
}

/** Moves the folder aside and opens an empty one in its place. */
export const startAnew = async (options: DatabaseOptions): Promise<Level> => {
  await rename(options.folder, `${nameAside(options)}-rest`).catch(unavailable(options.folder))
  await mkdir(options.folder, { mode: 0o700 }).catch(unavailable(options.folder))
  return openClaimed(options)
}

const nameAside = ({ folder, now }: DatabaseOptions): string =>
  `${folder}.damaged-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}`

/** Opens without looking at whose data it is. */
export const openLevel = async (folder: string): Promise<Level> => {
  const level: Level = new ClassicLevel(folder, { keyEncoding: 'view', valueEncoding: 'view' })
  try {
    await level.open()
    return level
  } catch (cause) {
    if (isLocked(cause)) throw new StorageLockedError(`${folder} is in use by another process`, { cause })
    const reason =
      cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause)
    throw new StorageUnavailableError(`${folder} cannot be opened: ${reason}`, { cause })
  }
}

const openClaimed = async (options: DatabaseOptions): Promise<Level> => {
  const level = await openLevel(options.folder)
  try {
    await claim(level, options)
    return level
  } catch (error) {
    await level.close()
    throw error
  }
}

const claim = async (level: Level, { folder, owner }: DatabaseOptions): Promise<void> => {
  const mine = JSON.stringify({ format, owner })
  const stored = await level.get(keys.meta)
  if (stored === undefined) {
    const anything = await level.keys({ limit: 1 }).all()
    if (anything.length > 0)
      throw new ForeignDataError(`${folder} holds a database without a signature; expected ${mine}`)
    const signature = [
      { type: 'put' as const, key: keys.meta, value: Buffer.from(mine) },
      { type: 'put' as const, key: keys.state, value: encodeState(initialState) },
    ]
    await level.batch(signature, { sync: true }).catch(unavailable(folder))
    return
  }
  const theirs = Buffer.from(stored).toString('utf8')
  if (theirs !== mine)
    throw new ForeignDataError(
      `${folder} holds ${theirs.slice(0, 200)}; expected ${mine}; nothing was read or changed`,
    )
}

const unavailable =
  (folder: string) =>
  (cause: unknown): never => {
    throw new StorageUnavailableError(`${folder} cannot be used: ${reasonOf(cause)}`, { cause })
  }

const isLocked = (error: unknown): boolean => causes(error).some(({ code }) => code === 'LEVEL_LOCKED')

/** LevelDB calls what it misses of its own files an IO error. */
export const isCorrupt = (error: unknown): boolean =>
  causes(error).some(
    ({ code, message }) =>
      code === 'LEVEL_CORRUPTION' || /Corruption|No such file|Invalid argument/.test(message),
  )

const causes = (error: unknown): { readonly code: unknown; readonly message: string }[] => {
  if (!(error instanceof Error)) return []
  return [{ code: 'code' in error ? error.code : undefined, message: error.message }, ...causes(error.cause)]
}
