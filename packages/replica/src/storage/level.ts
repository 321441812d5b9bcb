import { type Log, reasonOf, silentLog } from '@grapevine/std'
import { StorageUnavailableError } from '../errors.ts'
import { keys, openEntry, sealEntry } from './entry.ts'
import { groupCommit } from './group-commit.ts'
import { headFile } from './head.ts'
import { openDatabase, openLevel, startAnew } from './level-database.ts'
import { encodeState, readState, type State } from './level-state.ts'
import type { Storage } from './storage.ts'

export interface LevelStorageOptions {
  /** Created if missing; one process at a time. What is damaged is set aside next to it, as `<folder>.damaged-…`. */
  readonly folder: string
  /** Whose data it is, for example cluster and document; other data in the folder is refused. */
  readonly owner: string
  readonly log?: Log
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}

type Operation =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array }

const readAhead = 1_048_576

/**
 * A log of updates in LevelDB: checksummed entries, numbered; appends that come together share one flush.
 *
 * @throws StorageLockedError, ForeignDataError, StorageUnavailableError
 */
export const openLevelStorage = async (options: LevelStorageOptions): Promise<Storage> => {
  const { folder, log = silentLog, now = Date.now } = options
  const database = { folder, owner: options.owner, log, now }
  const opened = await openDatabase(database)
  let { level } = opened
  let damaged = opened.isDamaged ? 1 : 0
  let state = await readState(level)
  let next = state.from
  let [logBytes, snapshotBytes] = [0, 0]
  let isBroken = false
  /** Entries below this number are in a snapshot, or in the one that is being written. */
  let floor = state.from
  const head = headFile(folder, log)

  /** After a failed write LevelDB may have half an entry at the end of its log: opening it anew cuts that off. */
  const reopen = async (): Promise<void> => {
    await level.close()
    level = await openLevel(folder)
    isBroken = false
  }
  const commit = async (operations: Operation[]): Promise<void> => {
    try {
      if (isBroken) await reopen()
      await level.batch(operations, { sync: true })
    } catch (cause) {
      isBroken = true
      throw new StorageUnavailableError(`the disk did not take the write: ${reasonOf(cause)}`, { cause })
    }
  }
  /** One after the other, so that none meets a database that is being opened anew. */
  const write = groupCommit<Operation[]>((batches) => commit(batches.flat()))
  const appendAll = groupCommit<Uint8Array>(async (updates) => {
    const operations = updates.map((update): Operation => ({
      type: 'put',
      key: keys.entry(next++),
      value: sealEntry(update),
    }))
    try {
      await write(operations)
    } catch (error) {
      // Their numbers are given again, so that no hole looks like a loss; but not below where a snapshot ends.
      next = Math.max(next - operations.length, floor)
      throw error
    }
    for (const { length } of updates) logBytes += length
    head.write(next)
  })

  const lost = (fields: object, message: string): void => {
    damaged += 1
    log.error(fields, `${message}; members will be asked for what it held`)
  }
  const read = async function* (
    range: { gte: Buffer; lt: Buffer },
    first: number,
  ): AsyncGenerator<Uint8Array> {
    let expected = first
    for await (const [key, value] of level.iterator({ ...range, highWaterMarkBytes: readAhead })) {
      const number = keys.number(key)
      if (number > expected) lost({ from: expected, to: number }, 'entries of the log are missing')
      expected = number + 1
      const update = openEntry(value)
      if (update !== undefined) {
        yield update
        continue
      }
      lost({ entry: number }, 'an entry of the log is damaged and set aside')
      await write([
        { type: 'put', key: keys.damaged(now(), key), value },
        { type: 'del', key },
      ]).catch((error: unknown) => log.warn({ reason: reasonOf(error) }, 'it could not be set aside'))
    }
    reached = expected
  }
  let reached = 0

  const readAll = async function* (): AsyncGenerator<Uint8Array> {
    const { generation, entries, from } = state
    for await (const update of read(snapshotRange(generation), 0)) {
      snapshotBytes += update.length
      yield update
    }
    if (reached < entries) lost({ from: reached, to: entries }, 'the end of the snapshot is missing')
    for await (const update of read({ gte: keys.entry(from), lt: keys.entry(end) }, from)) {
      logBytes += update.length
      yield update
    }
    const written = await head.read()
    if (reached < written) lost({ from: reached, to: written }, 'the end of the log is missing')
    next = Math.max(reached, written)
  }

  const compact = async (snapshot: AsyncIterable<Uint8Array>): Promise<void> => {
    const [from, covered, before] = [next, logBytes, state]
    floor = from
    const generation = before.generation + 1
    let [entries, bytes] = [0, 0]
    log.debug({ folder, logBytes: covered }, 'the log is being compacted')
    await level.clear(snapshotRange(generation))
    for await (const update of snapshot) {
      await write([{ type: 'put', key: keys.snapshot(generation, entries++), value: sealEntry(update) }])
      bytes += update.length
    }
    const after: State = { generation, entries, from }
    await write([{ type: 'put', key: keys.state, value: encodeState(after) }])
    state = after
    logBytes -= covered
    snapshotBytes = bytes
    // A crash before this leaves keys that nothing reads; the next compaction removes them.
    await level.clear({ gte: keys.entry(0), lt: keys.entry(from) })
    await level.clear({ gte: keys.snapshot(0, 0), lt: keys.snapshot(generation, 0) })
    log.debug({ folder, snapshotBytes }, 'the log is compacted')
  }

  return {
    load: async function* () {
      try {
        yield* readAll()
      } catch (error) {
        lost({ reason: reasonOf(error) }, 'the data cannot be read further; it is set aside')
        await head.close()
        await level.close()
        level = await startAnew(database)
        state = await readState(level)
        next = 0
        logBytes = snapshotBytes = 0
      }
    },
    append: appendAll,
    compact,
    status: () => ({ logBytes, snapshotBytes, damaged, setAside: 0, compactionDue: damaged > 0 }),
    close: async () => {
      await head.close()
      await level.close()
    },
  }
}

const end = Number.MAX_SAFE_INTEGER

const snapshotRange = (generation: number): { gte: Buffer; lt: Buffer } => ({
  gte: keys.snapshot(generation, 0),
  lt: keys.snapshot(generation + 1, 0),
})
