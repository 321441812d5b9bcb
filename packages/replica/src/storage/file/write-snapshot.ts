import { join } from 'node:path'
import { quietly, writeAll, type Files, type OpenFile } from '../file-system/files.ts'
import { frameCode, framed, type FrameCode } from '../format/frame.ts'
import { encodeHeader, type Header } from '../format/header.ts'
import { fileName, temporaryName } from '../format/names.ts'

/** Written at once, and flushed now and then: a flush of all of it at the end would hold up that of the log. */
const piece = 262_144
const flushedAfter = 8_388_608

export interface SnapshotContext {
  readonly files: Files
  readonly folder: string
  readonly about: Omit<Header, 'length' | 'kind'>
}

/**
 * Writes a snapshot under another name, flushes it and gives it its own: it is there whole, or not at all.
 *
 * @returns bytes of its records
 */
export const writeSnapshot = async (
  { files, folder, about }: SnapshotContext,
  records: AsyncIterable<Uint8Array>,
): Promise<number> => {
  const header = { ...about, kind: 'snapshot' } as const
  const name = fileName('snapshot', about.generation, about.salt)
  const temporary = join(folder, temporaryName(name))
  const file = await files.open(temporary, 'create')
  let bytes: number
  try {
    bytes = await fill(file, header, records)
  } catch (error) {
    await quietly(file.close())
    await quietly(files.remove(temporary))
    throw error
  }
  await file.close()
  await files.rename(temporary, join(folder, name.name))
  await files.syncFolder(folder)
  return bytes
}

/** The header comes last: only then its length is known. */
const fill = async (
  file: OpenFile,
  about: Omit<Header, 'length'>,
  records: AsyncIterable<Uint8Array>,
): Promise<number> => {
  const writer = pieceWriter(file, frameCode(about), encodeHeader({ ...about, length: 0 }).length)
  let bytes = 0
  for await (const record of records) {
    bytes += record.length
    await writer.add(record)
  }
  const length = await writer.end()
  await writeAll(file, encodeHeader({ ...about, length }), 0)
  await file.sync()
  return bytes
}

interface PieceWriter {
  add(record: Uint8Array): Promise<void> | undefined
  /** @returns how long the file is */
  end(): Promise<number>
}

const pieceWriter = (file: OpenFile, code: FrameCode, from: number): PieceWriter => {
  let gathered: Uint8Array[] = []
  let [size, at, flushed] = [0, from, from]
  const write = async (): Promise<void> => {
    const records = gathered
    gathered = []
    size = 0
    for (const bytes of framed(code, records, piece)) {
      await writeAll(file, bytes, at)
      at += bytes.length
    }
    if (at - flushed < flushedAfter) return
    await file.sync()
    flushed = at
  }
  return {
    add: (record) => {
      gathered.push(record)
      size += record.length
      return size >= piece ? write() : undefined
    },
    end: async () => {
      await write()
      return at
    },
  }
}
