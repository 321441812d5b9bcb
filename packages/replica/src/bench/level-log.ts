import { pathToFileURL } from 'node:url'
import { groupCommit } from '../storage/group-commit.ts'

/** What is compared: a log of records on disk. */
export interface ComparedLog {
  append(record: Uint8Array): Promise<void>
  load(): AsyncIterable<Uint8Array>
  compact(snapshot: AsyncIterable<Uint8Array>): Promise<void>
  close(): Promise<void>
}

type Operation = { readonly type: 'put'; readonly key: Buffer; readonly value: Uint8Array }

/** The few methods of `classic-level` that a log needs. */
interface Level {
  open(): Promise<void>
  batch(operations: readonly Operation[], options: { readonly sync: boolean }): Promise<void>
  values(options: object): AsyncIterable<Uint8Array>
  keys(options: object): { all(): Promise<readonly Uint8Array[]> }
  clear(range: object): Promise<void>
  close(): Promise<void>
}

interface LevelModule {
  readonly ClassicLevel: new (folder: string, options: object) => Level
}

const isLevelModule = (value: unknown): value is LevelModule =>
  typeof value === 'object' && value !== null && 'ClassicLevel' in value

/** Keys sort by number; a snapshot takes the numbers right after what it replaces. */
const keyOf = (number: number): Buffer => {
  const key = Buffer.alloc(8)
  key.writeBigUInt64BE(BigInt(number))
  return key
}

/** A log in LevelDB, as this package had it before, without its checksums. @param entry - path of classic-level's index.js */
export const levelLog = async (entry: string, folder: string): Promise<ComparedLog> => {
  const loaded: unknown = await import(pathToFileURL(entry).href)
  if (!isLevelModule(loaded)) throw new Error(`${entry} is not classic-level`)
  const level = new loaded.ClassicLevel(folder, { keyEncoding: 'view', valueEncoding: 'view' })
  await level.open()
  const [last] = await level.keys({ reverse: true, limit: 1 }).all()
  let next = last === undefined ? 0 : 1 + Number(Buffer.from(last).readBigUInt64BE(0))
  const put = (value: Uint8Array): Operation => ({ type: 'put', key: keyOf(next++), value })

  return {
    append: groupCommit((records: readonly Uint8Array[]) => level.batch(records.map(put), { sync: true })),
    load: () => level.values({ highWaterMarkBytes: 1_048_576 }),
    compact: async (snapshot) => {
      const from = next
      let [operations, bytes]: [Operation[], number] = [[], 0]
      for await (const record of snapshot) {
        operations.push(put(record))
        bytes += record.length
        if (bytes < 262_144) continue
        await level.batch(operations, { sync: false })
        operations = []
        bytes = 0
      }
      await level.batch(operations, { sync: true })
      await level.clear({ lt: keyOf(from) })
    },
    close: () => level.close(),
  }
}
