import { BoundedMap } from '@grapevine/std'
import { isErasure } from '@grapevine/facts'
import type { DeviceDirectory, DeviceRecord } from '@grapevine/auth-middleware'
import { unavailable } from '../instance/unavailable.ts'
import { deviceFactOf, parseDeviceFact } from './device-fact.ts'
import type { EndedSessions } from './ended-sessions.ts'
import type { OpenPeriod } from './open-period.ts'
import type { Ports } from '../instance/ports.ts'

export interface DeviceListParts extends Pick<Ports, 'now' | 'randomBytes'> {
  readonly sessions: Pick<EndedSessions, 'openPeriods'>
  /** How long a session can live, in ms. */
  readonly sessionLife: number
}

/** Facts of one account in a period; what is beyond is not listed, so that nobody makes it grow without end. */
const mostPerUser = 4_000

/** This node's disk has it when this is over; others hear of it meanwhile: nobody waits for a list at the door. */
const concern = 'local'

/**
 * Where people have logged in: beside the ends of the sessions that begin then, and dropped with them, when none of these sessions
 * can live any more.
 */
export const deviceList = ({
  sessions,
  sessionLife,
  now,
  randomBytes,
}: DeviceListParts): DeviceDirectory => ({
  of: (userId) => {
    const found = new Map<string, DeviceRecord>()
    for (const record of sessions.openPeriods().flatMap((period) => recordsIn(period, userId))) {
      const place = `${record.id} ${record.epoch}`
      const known = found.get(place)
      if (known === undefined || record.since < known.since) found.set(place, record)
    }
    return [...found.values()]
  },
  async add(record, { signal }) {
    const period = sessions.openPeriods(now() + sessionLife).at(-1)
    if (period === undefined) return
    const known = recordsIn(period, record.userId)
    if (known.some(({ id, epoch }) => id === record.id && epoch === record.epoch)) return
    if (period.set.of(record.userId).length >= mostPerUser) throw new RangeError('the list is full')
    const fact = deviceFactOf(record, randomBytes(16).toString('base64url'))
    try {
      await period.replica.write(() => period.set.insert([fact]), { signal, concern })
    } catch (error) {
      throw unavailable(error)
    }
  },
})

/** Accounts whose records were read lately, in each period. */
const mostRead = 1_000

type Read = BoundedMap<string, { readonly count: number; readonly records: readonly DeviceRecord[] }>

const read = new WeakMap<OpenPeriod['set'], Read>()

/** Every page asks, and somebody may have made thousands of them: read again only when there are more. */
const recordsIn = ({ set }: OpenPeriod, userId: string): readonly DeviceRecord[] => {
  // Who is erased is forgotten at once, though the set may take its time.
  if (set.isErased(userId)) {
    read.get(set)?.delete(userId)
    return []
  }
  const ofSet: Read = read.get(set) ?? new BoundedMap(mostRead)
  read.set(set, ofSet)
  const count = set.of(userId).length
  const known = ofSet.get(userId)
  if (known?.count === count) return known.records
  const records = parsedIn(set, userId)
  ofSet.set(userId, { count, records })
  return records
}

const parsedIn = (set: OpenPeriod['set'], userId: string): readonly DeviceRecord[] =>
  set.of(userId).flatMap((key) => {
    const text = isErasure(key) ? undefined : set.text(key)
    return text === undefined ? [] : (parseDeviceFact(userId, text) ?? [])
  })
