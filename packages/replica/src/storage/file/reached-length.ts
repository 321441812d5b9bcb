import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { reasonOf, type Clock, type Log } from '@grapevine/std'
import { quietly, writeAll, type Files, type OpenFile } from '../file-system/files.ts'

/**
 * How far the log had come, in a file of its own. A log that ends early looks like one that ended there; only with
 * this does a missing tail show. It is written soon after the log's flush, for all that came meanwhile, and not flushed
 * itself: after a crash or a power cut it may be behind, never ahead.
 */
export interface Head {
  /** What was noted last; undefined if nothing was, or it cannot be read. */
  read(): Promise<Reached | undefined>
  /** Notes it soon; of several only the last. */
  write(reached: Reached): void
  close(): Promise<void>
}

/** The log of this generation was flushed up to this length. */
export interface Reached {
  readonly generation: number
  readonly length: number
}

export const headName = 'HEAD'

const size = 20

/** Milliseconds: an append must not wait for this write, nor each cost one. */
const gathered = 10

export const createHead = (files: Files, folder: string, log: Log, clock: Clock): Head => {
  const path = join(folder, headName)
  let file: OpenFile | undefined
  let latest: Reached | undefined
  let cancel: (() => void) | undefined
  let writing: Promise<void> = Promise.resolve()

  const writeLatest = async (): Promise<void> => {
    if (latest === undefined) return
    try {
      file ??= await files.open(path, 'create')
      await writeAll(file, encode(latest), 0)
    } catch (error) {
      // Then a missing tail may go unnoticed here, and members still fill it.
      log.debug({ reason: reasonOf(error) }, 'how far the log has come was not noted')
    }
  }
  const begin = (): void => {
    cancel = undefined
    writing = writing.then(writeLatest)
  }

  return {
    read: async () => {
      try {
        const noted = await files.open(path, 'read')
        const bytes = await noted.read(size, 0)
        await noted.close()
        return decode(bytes)
      } catch {
        return undefined
      }
    },
    write: (reached) => {
      latest = reached
      cancel ??= clock.after(gathered, begin)
    },
    close: async () => {
      if (cancel !== undefined) {
        cancel()
        begin()
      }
      await writing
      if (file !== undefined) await quietly(file.close())
    },
  }
}

const encode = ({ generation, length }: Reached): Buffer => {
  const bytes = Buffer.alloc(size)
  bytes.writeBigUInt64BE(BigInt(generation), 0)
  bytes.writeBigUInt64BE(BigInt(length), 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 16)), 16)
  return bytes
}

const decode = (bytes: Buffer): Reached | undefined => {
  if (bytes.length < size || bytes.readUInt32BE(16) !== crc32(bytes.subarray(0, 16))) return undefined
  return { generation: Number(bytes.readBigUInt64BE(0)), length: Number(bytes.readBigUInt64BE(8)) }
}
