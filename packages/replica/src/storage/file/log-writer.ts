import { join } from 'node:path'
import { writeAll, quietly, type Files, type OpenFile } from '../file-system/files.ts'
import { frameCode, framed, type FrameCode } from '../format/frame.ts'
import { encodeHeader } from '../format/header.ts'
import { fileName, type FileName, type Salt } from '../format/names.ts'
import type { Reached } from './reached-length.ts'

/** Writes groups of records to the newest log, one group at a time, each with one flush. */
export interface LogWriter {
  /**
   * Resolves when all of them survive a crash, with the generation that they are in. Rejects with the file system's error:
   * none of them counts as stored.
   */
  append(records: readonly Uint8Array[]): Promise<number>
  /**
   * The next append begins a new log, also an empty one.
   * @returns the generation that nothing is written to yet: what is under way, and all before it, is in lower ones
   */
  seal(): number
  close(): Promise<void>
}

export interface LogWriterContext {
  readonly files: Files
  readonly folder: string
  readonly owner: string
  /** Eight bytes that nobody can foresee. */
  readonly drawSalt: () => Salt
  /** The log to go on with. */
  readonly current?: CurrentLog | undefined
  /** Generation of the next log. */
  readonly next: number
  /** So far it is flushed. */
  readonly reached: (reached: Reached) => void
  /** A write failed: what the file holds behind the last flush is not known. */
  readonly failed: () => void
}

export interface CurrentLog {
  readonly file: OpenFile
  readonly generation: number
  readonly code: FrameCode
  /** So far it is flushed; the next frame comes here. */
  length: number
  /** It holds records that were told to be stored. */
  isUsed: boolean
}

/** Bytes written in one go; a group may be larger. */
const piece = 4_194_304

export const createLogWriter = (context: LogWriterContext): LogWriter => {
  const { files, folder, owner, drawSalt } = context
  let { current, next } = context
  let isSealed = false
  /** A log that could not be begun, or whose first group failed, is begun anew under its name: failures leave one file. */
  let prepared: FileName | undefined

  /** At once, before anything is waited for: a generation that is sealed meanwhile is a higher one. */
  const prepare = (): FileName => {
    prepared ??= fileName('log', next++, drawSalt())
    return prepared
  }
  const begin = async (name: FileName): Promise<CurrentLog> => {
    const about = { kind: 'log', generation: name.generation, salt: name.salt, owner } as const
    const header = encodeHeader({ ...about, length: 0 })
    const file = await files.open(join(folder, name.name), 'create')
    try {
      await writeAll(file, header, 0)
      await file.sync()
      await files.syncFolder(folder)
    } catch (error) {
      await quietly(file.close())
      throw error
    }
    const code = frameCode(about)
    return { file, generation: about.generation, code, length: header.length, isUsed: false }
  }

  const write = async (log: CurrentLog, records: readonly Uint8Array[]): Promise<void> => {
    let end = log.length
    for (const bytes of framed(log.code, records, piece)) {
      await writeAll(log.file, bytes, end)
      end += bytes.length
    }
    await log.file.sync()
    log.length = end
    log.isUsed = true
  }

  /**
   * After a failed flush the kernel may have dropped what was written and call the next flush a success. So the file is
   * cut back to what was flushed before, which may fail as well, and never written to again.
   */
  const abandon = async (log: CurrentLog): Promise<void> => {
    current = undefined
    if (log.isUsed) prepared = undefined
    await quietly(log.file.cut(log.length))
    await quietly(log.file.close())
    context.failed()
  }

  /** @returns the log that nothing more goes to */
  const unseal = (): CurrentLog | undefined => {
    if (!isSealed) return undefined
    const sealed = current
    isSealed = false
    current = undefined
    prepared = undefined
    return sealed
  }

  return {
    append: async (records) => {
      const sealed = unseal()
      if (records.length > 0 && current === undefined) prepare()
      if (sealed !== undefined) await quietly(sealed.file.close())
      if (records.length === 0) return next
      const log = (current ??= await begin(prepare()))
      try {
        await write(log, records)
      } catch (error) {
        await abandon(log)
        throw error
      }
      context.reached({ generation: log.generation, length: log.length })
      return log.generation
    },
    seal: () => {
      isSealed = true
      next += 1
      return next
    },
    close: async () => {
      if (current !== undefined) await quietly(current.file.close())
    },
  }
}
