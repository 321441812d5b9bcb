import { isRecord, parseJson } from '@grapevine/std'
import type { Bus } from '@grapevine/replica'
import { isEpochFact, type EpochFact } from './epoch-fact.ts'

/** How far back a member has records of ended sessions, and since which epoch. */
export interface ToldFloor {
  readonly epoch: string | undefined
  /** What the epoch is made of: members whose records have no period in common hear of it by this. */
  readonly epochs: readonly EpochFact[]
  /** The oldest period of which it has records; 0 as long as it has none of its own. */
  readonly oldest: number
}

export interface FloorExchange {
  /** What all that answer tell. */
  ask(): Promise<readonly ToldFloor[]>
  close(): void
}

const protocol = 'sessions-floor/1'
/** How long a member is waited for, in milliseconds. */
const patience = 500
/** In milliseconds: as for stamps, the year 2109; no clock writes a later one. */
const latestMs = 2 ** 42 - 1

/**
 * Members tell each other where their records begin, and all go by the highest: a session that one of them can no longer know to be
 * ended is refused by all, so that whoever has to log in again does so once, and an end is recorded where all look for it.
 */
export const floorExchange = async (
  bus: Bus,
  own: () => ToldFloor,
  /** Milliseconds of a period. */
  length: number,
): Promise<FloorExchange> => {
  const latest = Math.floor(latestMs / length)
  const close = await bus.handle(protocol, async () => Buffer.from(JSON.stringify(own())))
  const ask = async (member: string): Promise<readonly ToldFloor[]> => {
    try {
      const signal = AbortSignal.timeout(patience)
      const told = parse(await bus.request(member, protocol, new Uint8Array(), { signal }), latest)
      return told === undefined ? [] : [told]
    } catch {
      return [] // Gone, slow, or of a version that tells nothing: it is asked again soon.
    }
  }
  return {
    close,
    ask: async () => (await Promise.all(bus.reachable().map(ask))).flat(),
  }
}

const parse = (bytes: Uint8Array, latest: number): ToldFloor | undefined => {
  if (bytes.length > 16_384) return undefined
  const value = parseJson(Buffer.from(bytes).toString())
  if (!isRecord(value)) return undefined
  const { epoch, epochs, oldest } = value
  if (!Array.isArray(epochs) || !epochs.every(isEpochFact)) return undefined
  const isEpoch = epoch === undefined || typeof epoch === 'string'
  return isEpoch && isPeriod(oldest, latest) ? { epoch, epochs, oldest } : undefined
}

const isPeriod = (value: unknown, latest: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= latest
