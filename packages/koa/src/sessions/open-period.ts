import { replicate, type Bus, type Log, type Replica } from '@grapevine/replica'
import * as Y from 'yjs'
import { endedRoot, endedSessionsPolicy, sessionOf } from './policy.ts'
import { slotOf, type Periods } from './periods.ts'
import type { Disk } from '../instance/disk.ts'
import type { Ports } from '../instance/ports.ts'

/** The document of one period: which sessions were ended. */
export interface OpenPeriod {
  /** Of the ended sessions. */
  readonly ids: ReadonlySet<string>
  readonly map: Y.Map<unknown>
  readonly replica: Pick<Replica, 'write' | 'status'>
  close(): Promise<void>
  /** Closes it and removes its data from the disk. */
  drop(): Promise<void>
}

export interface OpenPeriodParts extends Pick<Ports, 'disk' | 'clock' | 'random'> {
  readonly bus: Bus
  readonly periods: Periods
  readonly log: Log
}

/** Where the records of a period are kept. */
const placeOf = (period: number): string => `sessions/${period}`

/** Opens periods, each kept in a place of its own. */
export const periodOpener = ({ bus, periods, disk, clock, random, log }: OpenPeriodParts) => {
  return async (period: number): Promise<OpenPeriod> => {
    const name = slotOf(period)
    const storage = await disk.open(placeOf(period))
    const doc = new Y.Doc()
    const map = doc.getMap<unknown>(endedRoot)
    const ids = followIds(map)
    const policy = endedSessionsPolicy(periods, period)
    const replica = await replicate(doc, bus, { name, policy, storage, clock, random, log })
    const close = async (): Promise<void> => {
      await replica.close()
      await storage.close()
      doc.destroy()
    }
    return {
      ids,
      map,
      replica,
      close,
      drop: async () => {
        await close()
        await disk.remove(placeOf(period))
        log.info({ period }, 'ended sessions that can no longer matter were dropped')
      },
    }
  }
}

/** The oldest period of which this disk has records; 0 on an empty one. What is older was dropped, by whatever clock. */
export const oldestKept = async (disk: Pick<Disk, 'list'>): Promise<number> => {
  const kept = await periodsOn(disk)
  return kept.length === 0 ? 0 : Math.min(...kept)
}

/** Removes what earlier runs of this node have left of periods that are over, once the disk says that it begins later. */
export const removePast = async (disk: Disk, [first = 0]: readonly number[]): Promise<void> => {
  const past = (await periodsOn(disk)).filter((period) => period < first)
  if (past.length > 0) await reserve(disk, first)
  for (const period of past) await disk.remove(placeOf(period))
}

/** Makes room for a period, so that the disk tells where its records begin even if all that is older is gone. */
export const reserve = async (disk: Pick<Disk, 'open'>, period: number): Promise<void> => {
  await (await disk.open(placeOf(period))).close()
}

const periodsOn = async (disk: Pick<Disk, 'list'>): Promise<readonly number[]> =>
  (await disk.list('sessions')).filter((name) => /^\d{1,8}$/.test(name)).map(Number)

const followIds = (map: Y.Map<unknown>): ReadonlySet<string> => {
  const ids = new Set<string>()
  map.observe(({ keysChanged }) => {
    for (const key of keysChanged) {
      const id = sessionOf(key)
      if (id !== undefined) ids.add(id)
    }
  })
  return ids
}
