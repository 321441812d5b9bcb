import { constants } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Log, reasonOf } from '@grapevine/std'

/**
 * How far the log had come, in a file of its own. A log that ends early looks like one that ended there; only with
 * this does a missing tail show. It is written soon after the log's flush, for all that came meanwhile, and not flushed
 * itself: after a crash or a power cut it may be behind, never ahead.
 */
export interface Head {
  /** The number that the next entry was to get; 0 if not known. */
  read(): Promise<number>
  /** Notes it soon; of several only the last. */
  write(next: number): void
  close(): Promise<void>
}

const length = 12

/** Milliseconds: an append must not wait for this write, nor each cost one. */
const gathered = 10

export const headFile = (folder: string, log: Log): Head => {
  const file = join(folder, 'HEAD')
  let handle: FileHandle | undefined
  let latest = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const writeLatest = async (): Promise<void> => {
    try {
      handle ??= await open(file, constants.O_RDWR | constants.O_CREAT, 0o600)
      await handle.write(encode(latest), 0, length, 0)
    } catch (error) {
      // Then a missing tail may go unnoticed here, and members still fill it.
      log.debug({ reason: reasonOf(error) }, 'how far the log has come was not noted')
    }
  }
  const begin = (): void => {
    timer = undefined
    writing = writing.then(writeLatest)
  }

  return {
    read: async () => decode(await readFile(file).catch(() => Buffer.alloc(0))),
    write: (next) => {
      latest = next
      timer ??= setTimeout(begin, gathered).unref()
    },
    close: async () => {
      if (timer !== undefined) {
        clearTimeout(timer)
        begin()
      }
      await writing
      await handle?.close()
      handle = undefined
      latest = 0
    },
  }
}

const encode = (next: number): Buffer => {
  const bytes = Buffer.alloc(length)
  bytes.writeBigUInt64BE(BigInt(next), 0)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  return bytes
}

const decode = (bytes: Buffer): number => {
  const number = bytes.subarray(0, 8)
  const isWhole = bytes.length === length && bytes.readUInt32BE(8) === crc32(number)
  return isWhole ? Number(number.readBigUInt64BE(0)) : 0
}
