import { join } from 'node:path'
import { reasonOf, type Log } from '@grapevine/std'
import { quietly, writeAll, type Files, type OpenFile } from '../file-system/files.ts'
import { frameCode } from '../format/frame.ts'
import { headerLength, type Header } from '../format/header.ts'
import { readFile } from './read-file.ts'
import type { Damage } from './damage.ts'
import type { Reached } from './reached-length.ts'
import type { StoredFile } from './inventory.ts'
import type { CurrentLog } from './log-writer.ts'
import type { FileName } from '../format/names.ts'
import type { Region } from '../format/scan.ts'

export interface LoadContext {
  readonly files: Files
  readonly folder: string
  readonly owner: string
  readonly log: Log
  readonly stored: readonly StoredFile[]
  /** How far the newest log had come, where that is known. */
  readonly reached: Reached | undefined
  readonly damage: Damage
  /** Bytes of records, as they are found. */
  readonly counted: (name: FileName, bytes: number) => void
}

/** What is known of a file when all of it is read. */
interface ReadThrough {
  readonly name: FileName
  readonly size: number
  /** Its header and all its frames are whole; behind them there may be a write that did not complete. */
  readonly isWhole: boolean
  /** Where the whole frames end. */
  readonly end: number
}

/**
 * Yields the records of every file that is there. They commute, and one that comes twice changes nothing; so what is left
 * of a compaction that was cut off, or is whole beside something damaged, is all of use.
 *
 * @returns the log to go on with, if the newest one is whole
 */
export const loadFiles = async function* (
  context: LoadContext,
): AsyncGenerator<Uint8Array, CurrentLog | undefined> {
  let newest: ReadThrough | undefined
  for (const file of context.stored) newest = yield* loadFile(context, file)
  // The process before may have been killed before it flushed the names of new files.
  await context.files.syncFolder(context.folder)
  checkNewest(context, newest)
  return newest?.isWhole === true && newest.name.kind === 'log' ? goOnWith(context, newest) : undefined
}

const loadFile = async function* (
  context: LoadContext,
  { name, header }: StoredFile,
): AsyncGenerator<Uint8Array, ReadThrough> {
  const { files, folder, owner } = context
  const file = await files.open(join(folder, name.name), name.kind === 'log' ? 'continue' : 'read')
  try {
    const size = await file.size()
    const from = Math.min(headerLength(owner), size)
    const reading = readFile(file, { code: frameCode(header ?? { ...name, owner }), from, size })
    let next = await reading.next()
    for (; next.done !== true; next = await reading.next())
      for (const record of next.value) {
        context.counted(name, record.length)
        yield record
      }
    const regions = header === undefined ? withHeader(next.value, from) : next.value
    if (name.kind === 'log') await rewrite(file, reachedIn(context, name), size)
    return await judged(context, { file, name, header, size, regions })
  } finally {
    await quietly(file.close())
  }
}

/** A header that is damaged, as one stretch with what comes right behind it. */
const withHeader = (regions: readonly Region[], from: number): readonly Region[] => {
  const [first] = regions
  if (from === 0) return regions
  if (first?.from !== from) return [{ from: 0, to: from }, ...regions]
  return [{ from: 0, to: first.to }, ...regions.slice(1)]
}

interface Findings {
  readonly file: OpenFile
  readonly name: FileName
  readonly header: Header | undefined
  readonly size: number
  readonly regions: readonly Region[]
}

/** Tells a write that did not complete, at the end of the newest log, from damage. */
const judged = async (context: LoadContext, found: Findings): Promise<ReadThrough> => {
  const { damage, log } = context
  const { file, name, header, size, regions } = found
  const length = Math.max(header?.length ?? 0, reachedIn(context, name))
  const last = regions.at(-1)
  const isTorn =
    last?.to === size &&
    last.from >= length &&
    isNewestLog(context, name) &&
    // Also a log that was only about to be begun.
    (header !== undefined || size < headerLength(context.owner))
  const damaged = isTorn ? regions.slice(0, -1) : regions
  if (isTorn)
    log.warn(
      { file: name.name, from: last.from, to: size },
      'the log ends in a write that did not complete; it is cut off',
    )
  await damage.found(name, file, damaged)
  const isCovered = last !== undefined && last.to === size
  if (size < length && !isCovered)
    damage.missing({ file: name.name, from: size, to: length }, `the end of the ${name.kind} is missing`)
  const isWhole = header !== undefined && damaged.length === 0 && size >= length
  return { name, size, isWhole, end: isTorn ? last.from : size }
}

const isNewestLog = ({ stored }: LoadContext, name: FileName): boolean =>
  name.kind === 'log' && name === stored.at(-1)?.name

const reachedIn = ({ reached }: LoadContext, name: FileName): number =>
  name.kind === 'log' && reached?.generation === name.generation ? reached.length : 0

/** Of a log that is gone nothing but the note is left. */
const checkNewest = ({ reached, stored, damage }: LoadContext, newest: ReadThrough | undefined): void => {
  if (reached === undefined || (newest !== undefined && newest.name.generation > reached.generation)) return
  const isThere = stored.some(({ name }) => name.kind === 'log' && name.generation === reached.generation)
  if (!isThere) damage.missing({ generation: reached.generation }, 'a log is missing')
}

/**
 * What lies behind the note may be of a write whose flush failed, or was not asked for any more: the kernel shows it, and may
 * take it for written though the disk never got it. So it is written once more. Only now it is stored.
 */
const rewrite = async (file: OpenFile, from: number, end: number): Promise<void> => {
  for (let at = from; at < end; at += rewritten)
    await writeAll(file, await file.read(Math.min(rewritten, end - at), at), at)
  await file.sync()
}

const rewritten = 1_048_576

const goOnWith = async (
  context: LoadContext,
  { name, size, end }: ReadThrough,
): Promise<CurrentLog | undefined> => {
  const { files, folder, owner, log } = context
  const file = await files.open(join(folder, name.name), 'continue')
  try {
    if (size > end) {
      await file.cut(end)
      await file.sync()
    }
    return {
      file,
      generation: name.generation,
      code: frameCode({ ...name, owner }),
      length: end,
      isUsed: true,
    }
  } catch (error) {
    await quietly(file.close())
    log.warn(
      { file: name.name, reason: reasonOf(error) },
      'the log cannot be gone on with; the next write begins one',
    )
    return undefined
  }
}
