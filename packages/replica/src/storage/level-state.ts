import { keys } from './entry.ts'
import type { ClassicLevel } from 'classic-level'

export type Level = ClassicLevel<Uint8Array, Uint8Array>

/** Which snapshot counts, and from which number on the log does. One write replaces it: that is a compaction. */
export interface State {
  readonly generation: number
  readonly entries: number
  readonly from: number
}

export const initialState: State = { generation: 0, entries: 0, from: 0 }

export const encodeState = (state: State): Uint8Array => Buffer.from(JSON.stringify(state))

export const readState = async (level: Level): Promise<State> => {
  const stored = await level.get(keys.state)
  if (stored !== undefined) {
    const state: unknown = JSON.parse(Buffer.from(stored).toString('utf8'))
    if (isState(state)) return state
  }
  // The state is lost: the newest snapshot, whole or not, and all of the log.
  const [newest] = await level
    .keys({ gte: keys.snapshot(0, 0), lt: snapshotEnd, reverse: true, limit: 1 })
    .all()
  const generation = newest === undefined ? 0 : keys.number(newest.subarray(0, 9))
  return { generation, entries: 0, from: 0 }
}

const snapshotEnd = Buffer.from('t')

const isState = (value: unknown): value is State =>
  typeof value === 'object' &&
  value !== null &&
  ['generation', 'entries', 'from'].every((key) => Number.isSafeInteger(Reflect.get(value, key)))
