import type { Clock, Log } from '@grapevine/std'
import { limits } from '../limits.ts'

/** Who sent bad input, and who is not listened to for a while because of it. */
export interface PeerPenalties {
  /** @param weight - what it counts: 1 for what was refused, less for what may be an accident */
  add(peer: string, weight?: number): void
  isCutOff(peer: string): boolean
  cutOff(): readonly string[]
}

interface Record {
  count: number
  since: number
  cutOffs: number
  until: number
}

/** A peer that is refused `limits.refusals` times within `limits.refusalWindow` is cut off, longer each time. */
export const createPeerPenalties = (clock: Clock, log: Log): PeerPenalties => {
  const records = new Map<string, Record>()

  const recordOf = (peer: string): Record => {
    const now = clock.now()
    const record = records.get(peer) ?? { count: 0, since: now, cutOffs: 0, until: -Infinity }
    if (now - record.since > limits.refusalWindow) Object.assign(record, { count: 0, since: now })
    if (now - record.until > limits.longestCutOff * 2) record.cutOffs = 0
    records.delete(peer)
    records.set(peer, record)
    if (records.size > limits.records) forgetOldest(records)
    return record
  }
  const isCutOff = (peer: string): boolean => (records.get(peer)?.until ?? -Infinity) > clock.now()

  return {
    add: (peer, weight = 1) => {
      const record = recordOf(peer)
      record.count += weight
      if (record.count < limits.refusals || isCutOff(peer)) return
      const pause = Math.min(limits.longestCutOff, limits.shortestCutOff * 2 ** record.cutOffs)
      Object.assign(record, { count: 0, cutOffs: record.cutOffs + 1, until: clock.now() + pause })
      log.warn({ peer, pause }, 'a member keeps sending what is refused; it is not listened to for a while')
    },
    isCutOff,
    cutOff: () => [...records.keys()].filter(isCutOff),
  }
}

const forgetOldest = (records: Map<string, Record>): void => {
  const oldest = records.keys().next()
  if (oldest.done === false) records.delete(oldest.value)
}
