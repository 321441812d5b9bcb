import type { FileName } from '../format/names.ts'

/** Bytes of records in the files of a folder, without overhead. */
export interface Tally {
  add(file: Pick<FileName, 'kind' | 'generation'>, bytes: number): void
  /** A snapshot holds now what files before it held. */
  replaced(generation: number, snapshotBytes: number): void
  readonly logBytes: number
  /** Of the newest snapshot. What older files hold beside it counts as log: it is to be compacted. */
  readonly snapshotBytes: number
}

export const createTally = (): Tally => {
  let snapshot = { generation: 0, bytes: 0 }
  const logs = new Map<number, number>()
  const addToLog = (generation: number, bytes: number): void =>
    void logs.set(generation, (logs.get(generation) ?? 0) + bytes)

  return {
    add: ({ kind, generation }, bytes) => {
      if (kind === 'log') return addToLog(generation, bytes)
      if (generation > snapshot.generation) {
        addToLog(snapshot.generation, snapshot.bytes)
        snapshot = { generation, bytes: 0 }
      }
      snapshot.bytes += bytes
    },
    replaced: (generation, bytes) => {
      for (const older of logs.keys()) if (older < generation) logs.delete(older)
      snapshot = { generation, bytes }
    },
    get logBytes() {
      return [...logs.values()].reduce((sum, bytes) => sum + bytes, 0)
    },
    get snapshotBytes() {
      return snapshot.bytes
    },
  }
}
