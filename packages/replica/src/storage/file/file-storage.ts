import type { Clock, Log } from '@grapevine/std'
import { StorageUnavailableError } from '../../errors.ts'
import { groupCommit } from '../group-commit.ts'
import { markOwner } from './mark-owner.ts'
import { removeBefore, removeTemporary } from './clean-up.ts'
import { createDamage } from './damage.ts'
import { mostRecordBytes } from '../format/frame.ts'
import { createHead } from './reached-length.ts'
import { isBeyondOneLog, takeInventory } from './inventory.ts'
import { loadFiles } from './load-files.ts'
import { isDamaged } from '../format/names.ts'
import { createLogWriter, type CurrentLog, type LogWriter } from './log-writer.ts'
import { createTally } from './tally.ts'
import { unavailable } from '../file-system/unavailable.ts'
import { writeSnapshot } from './write-snapshot.ts'
import type { Storage } from '../storage.ts'
import type { Files } from '../file-system/files.ts'
import type { Salt } from '../format/names.ts'

export interface FileStorageContext {
  readonly files: Files
  readonly folder: string
  readonly owner: string
  readonly log: Log
  readonly clock: Clock
  /** Eight bytes that nobody can foresee: the salt of a file. */
  readonly drawSalt: () => Salt
  /** Called when it is closed: from then on another process may open the folder. */
  readonly release: () => Promise<void>
}

/**
 * A log in append-only files, in a folder that is this process's alone.
 *
 * @throws OldFormatError, NewerFormatError, ForeignDataError
 */
export const fileStorage = async (context: FileStorageContext): Promise<Storage> => {
  const { files, folder, owner, log, clock, drawSalt } = context
  const found = await takeInventory(files, folder, owner)
  await removeTemporary(context)
  if (found.length === 0) await markOwner(context)
  const stored = found.length === 0 ? await takeInventory(files, folder, owner) : found
  const head = createHead(files, folder, log, clock)
  const damage = createDamage(files, folder, log, (await files.list(folder)).filter(isDamaged))
  const tally = createTally()
  let isDue = isBeyondOneLog(stored)
  let isClosed = false
  let compaction: Promise<unknown> = Promise.resolve()

  const openWriter = (current?: CurrentLog): LogWriter =>
    createLogWriter({
      files,
      folder,
      owner,
      drawSalt,
      current,
      next: 1 + Math.max(0, ...stored.map(({ name }) => name.generation)),
      reached: head.write,
      failed: () => void (isDue = true),
    })
  let writer = openWriter()

  const commit = groupCommit(async (group: readonly (Uint8Array | undefined)[]): Promise<void> => {
    const records = group.filter((record) => record !== undefined)
    const generation = await writer.append(records).catch(unavailable('the disk did not take the write'))
    for (const { length } of records) tally.add({ kind: 'log', generation }, length)
  })
  /** Resolves when no append that was asked for before is under way. */
  const settled = (): Promise<void> => commit(undefined).catch(() => undefined)

  const compact = async (snapshot: AsyncIterable<Uint8Array>, forgetDamaged: boolean): Promise<void> => {
    const generation = writer.seal()
    await settled()
    log.debug({ folder, logBytes: tally.logBytes }, 'the log is being compacted')
    const about = { generation, owner, salt: drawSalt() }
    const bytes = await writeSnapshot({ files, folder, about }, snapshot)
    tally.replaced(generation, bytes)
    const isClean = await removeBefore(context, generation, forgetDamaged)
    if (isClean && forgetDamaged) damage.forgotten()
    isDue = !isClean
    log.debug({ folder, snapshotBytes: bytes }, 'the log is compacted')
  }

  const load = async function* (): AsyncGenerator<Uint8Array> {
    const loading = { files, folder, owner, log, stored, damage, counted: tally.add }
    try {
      const current = yield* loadFiles({ ...loading, reached: await head.read() })
      writer = openWriter(current)
    } catch (error) {
      unavailable(`${folder} cannot be read`)(error)
    }
    isDue ||= damage.count > 0
  }

  return {
    load,
    append: async (record) => {
      if (isClosed) throw new StorageUnavailableError(`${folder} is closed`)
      if (record.length > mostRecordBytes) throw new StorageUnavailableError(tooLarge(record.length))
      await commit(record)
    },
    compact: (snapshot, { forgetDamaged = false } = {}) => {
      const own = compaction.then(() => {
        if (isClosed) throw new StorageUnavailableError(`${folder} is closed`)
        return compact(snapshot, forgetDamaged).catch(unavailable('the log was not compacted'))
      })
      compaction = own.catch(() => undefined)
      return own
    },
    status: () => ({
      logBytes: tally.logBytes,
      snapshotBytes: tally.snapshotBytes,
      damaged: damage.count,
      setAside: damage.setAside,
      compactionDue: isDue,
    }),
    close: async () => {
      if (isClosed) return
      isClosed = true
      await compaction
      await settled()
      await head.close()
      await writer.close()
      await context.release()
    },
  }
}

const tooLarge = (bytes: number): string =>
  `a record of ${bytes} bytes; at most ${mostRecordBytes} can be stored`
