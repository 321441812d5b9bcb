import { createFactSet, type FactSet } from '@grapevine/facts'
import { replicateFacts, type Bus, type FactsReplica, type Log } from '@grapevine/replica'
import * as Y from 'yjs'
import { parseEndedFact } from './ended-fact.ts'
import { parseEpochFact, type EpochFact } from './epoch-fact.ts'
import { slotOf } from './periods.ts'
import type { Disk } from '../instance/disk.ts'
import type { Ports } from '../instance/ports.ts'

/** The facts of one period: which sessions were ended that would be over in it. */
export interface OpenPeriod {
  /** Of the ended sessions. */
  readonly ids: ReadonlySet<string>
  /** That all sessions of before were ended. */
  readonly epochs: readonly EpochFact[]
  readonly set: FactSet
  readonly replica: Pick<FactsReplica, 'write' | 'status'>
  close(): Promise<void>
  /** Closes it and removes its data from the disk. */
  drop(): Promise<void>
}

export interface OpenPeriodParts extends Pick<Ports, 'disk' | 'clock' | 'random'> {
  readonly bus: Bus
  readonly log: Log
  /** Whose erasures count here as well. */
  readonly erasuresOf: FactSet | undefined
}

/** Where the records of a period are kept. */
const placeOf = (period: number): string => `sessions/${period}`

/** Opens periods, each kept in a place of its own. */
export const periodOpener = ({ bus, disk, clock, random, log, erasuresOf }: OpenPeriodParts) => {
  return async (period: number): Promise<OpenPeriod> => {
    const storage = await disk.open(placeOf(period))
    const doc = new Y.Doc()
    const set = createFactSet({ doc, root: 'ended', later: (work) => void clock.after(0, work) })
    const { ids, epochs } = follow(set)
    const replica = await replicateFacts(set, onSlot(bus, period), {
      name: `sessions-of-${period}`,
      storage,
      clock,
      random,
      log,
      ...(erasuresOf === undefined ? {} : { erasuresOf }),
    })
    const close = async (): Promise<void> => {
      await replica.close()
      await storage.close()
      set.close()
      doc.destroy()
    }
    return {
      ids,
      epochs,
      set,
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

/** Topics are told at the start, so the periods of all times share a few; what belongs to another one is harmless here. */
const onSlot = (bus: Bus, period: number): Bus => ({
  self: bus.self,
  reachable: () => bus.reachable(),
  members: () => bus.members?.() ?? [],
  topic: () => bus.topic(slotOf(period)),
  request: (...given) => bus.request(...given),
  handle: (...given) => bus.handle(...given),
  on: (...given) => bus.on(...given),
})

/** The periods of which this disk has records, the oldest first. What is older was dropped, by whatever clock. */
export const keptPeriods = async (disk: Pick<Disk, 'list'>): Promise<readonly number[]> =>
  (await disk.list('sessions'))
    .filter((name) => /^\d{1,8}$/.test(name))
    .map(Number)
    .sort((one, other) => one - other)

/** Makes room for a period, so that the disk tells where its records begin even if all that is older is gone. */
export const reserve = async (disk: Pick<Disk, 'open'>, period: number): Promise<void> => {
  await (await disk.open(placeOf(period))).close()
}

const follow = (set: FactSet): Pick<OpenPeriod, 'ids' | 'epochs'> => {
  const ids = new Set<string>()
  const epochs: EpochFact[] = []
  set.onChange(({ added }) => {
    for (const fact of added) {
      if (fact.mark !== '.') continue
      const ended = parseEndedFact(fact.text)
      const epoch = parseEpochFact(fact.text)
      if (ended !== undefined) ids.add(ended.session)
      if (epoch !== undefined) epochs.push(epoch)
    }
  })
  return { ids, epochs }
}
