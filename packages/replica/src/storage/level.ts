import { mkdir } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { ClassicLevel } from 'classic-level'
import { ForeignDataError, StorageLockedError, StorageUnavailableError } from '../errors.ts'
import { reasonOf, silentLog, type Log } from '../log.ts'
import type { Storage } from './storage.ts'

export interface LevelStorageOptions {
  /** Created if missing; one process at a time. */
  readonly folder: string
  /** Whose data it is, for example cluster and document; other data in the folder is refused. */
  readonly owner: string
  readonly log?: Log
}

type Level = ClassicLevel<Uint8Array, Uint8Array>

const format = 1
const metaKey = Buffer.from('meta')
const entryPrefix = 0x65
const checksumLength = 4

/**
 * A log of updates in LevelDB: checksummed entries, numbered; appends that come together share one flush.
 */
export const openLevelStorage = async (options: LevelStorageOptions): Promise<Storage> => {
  const log = options.log ?? silentLog
  const level = await open(options.folder)
  try {
    await claim(level, options)
  } catch (error) {
    await level.close()
    throw error
  }
  let next = 0
  const appendBatch = groupCommit(async (updates) => {
    const batch = updates.map((update) => ({
      type: 'put' as const,
      key: entryKey(next++),
      value: seal(update),
    }))
    try {
      await level.batch(batch, { sync: true })
    } catch (cause) {
      throw new StorageUnavailableError(`the disk did not take the write: ${reasonOf(cause)}`, { cause })
    }
  })
  return {
    load: async function* () {
      for await (const [key, value] of level.iterator({
        gte: entryKey(0),
        lte: entryKey(Number.MAX_SAFE_INTEGER),
      })) {
        next = entryNumber(key) + 1
        const update = unseal(value)
        if (update === undefined)
          log.error(
            { entry: next - 1 },
            'an entry of the log is damaged; members will be asked for what it held',
          )
        else yield update
      }
    },
    append: appendBatch,
    close: () => level.close(),
  }
}

const open = async (folder: string): Promise<Level> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const level: Level = new ClassicLevel(folder, { keyEncoding: 'view', valueEncoding: 'view' })
  try {
    await level.open()
  } catch (cause) {
    if (isLocked(cause)) throw new StorageLockedError(`${folder} is in use by another process`, { cause })
    throw new StorageUnavailableError(`${folder} cannot be opened: ${reasonOf(cause)}`, { cause })
  }
  return level
}

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'LEVEL_LOCKED'

/** Signs an empty folder, and reads only one that this owner has signed. */
const claim = async (level: Level, { folder, owner }: LevelStorageOptions): Promise<void> => {
  const mine = JSON.stringify({ format, owner })
  const stored = await level.get(metaKey)
  if (stored === undefined) {
    await level.put(metaKey, Buffer.from(mine), { sync: true })
    return
  }
  const theirs = Buffer.from(stored).toString('utf8')
  if (theirs !== mine) {
    throw new ForeignDataError(
      `${folder} holds ${theirs.slice(0, 200)}; expected ${mine}; nothing was read or changed`,
    )
  }
}

const entryKey = (number: number): Buffer => {
  const key = Buffer.alloc(9)
  key.writeUInt8(entryPrefix, 0)
  key.writeBigUInt64BE(BigInt(number), 1)
  return key
}

const entryNumber = (key: Uint8Array): number => Number(Buffer.from(key).readBigUInt64BE(1))

const seal = (update: Uint8Array): Buffer => {
  const checksum = Buffer.alloc(checksumLength)
  checksum.writeUInt32BE(crc32(update))
  return Buffer.concat([checksum, update])
}

const unseal = (entry: Uint8Array): Uint8Array | undefined => {
  if (entry.length < checksumLength) return undefined
  const update = entry.subarray(checksumLength)
  return Buffer.from(entry).readUInt32BE(0) === crc32(update) ? update : undefined
}

/** While one write is under way the next ones gather, and share the following flush. */
const groupCommit = (
  write: (updates: readonly Uint8Array[]) => Promise<void>,
): ((update: Uint8Array) => Promise<void>) => {
  let gathering: { readonly updates: Uint8Array[]; readonly written: Promise<void> } | undefined
  let previous: Promise<unknown> = Promise.resolve()
  return (update) => {
    if (gathering === undefined) {
      const updates: Uint8Array[] = []
      const written = previous.then(() => {
        gathering = undefined
        return write(updates)
      })
      previous = written.catch(() => undefined)
      gathering = { updates, written }
    }
    gathering.updates.push(update)
    return gathering.written
  }
}
