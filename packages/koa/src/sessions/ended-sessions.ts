import type { SessionLedger } from '@grapevine/auth-middleware'
import type { FactsStatus } from '@grapevine/replica'
import { subjectOf } from '@grapevine/facts'
import { every } from '@grapevine/std'
import { unavailable } from '../instance/unavailable.ts'
import { combinedStatus } from './combined-status.ts'
import { endedFactOf, parseEndedFact, type EndedFact } from './ended-fact.ts'
import type { OpenPeriod } from './open-period.ts'
import type { Ports } from '../instance/ports.ts'
import type { Periods } from './periods.ts'

/** Ended sessions, known on every member, and forgotten when they can no longer matter. */
export interface EndedSessions extends Required<SessionLedger> {
  /** The periods whose records are kept now, oldest first; with a time, those that begin before it. */
  openPeriods(until?: number): readonly OpenPeriod[]
  /** Of all open periods together. */
  status(): FactsStatus
  /** Opens the periods that matter now and drops those that no longer do. */
  roll(): Promise<void>
  close(): Promise<void>
}

export interface EndedSessionsParts extends Pick<Ports, 'now' | 'clock' | 'randomBytes'> {
  readonly periods: Periods
  readonly open: (period: number) => Promise<OpenPeriod>
  /** Makes room on the disk, so that it tells where its records begin. */
  readonly reserve: (period: number) => Promise<void>
  /** The oldest period that the disk had at the start. */
  readonly oldest: number
  /** Told when a period could not be opened or dropped; the next `roll` tries again. */
  readonly onError: (error: unknown) => void
}

/** How often it is looked whether a period is over, in ms. */
const rollEvery = 60_000

export const endedSessions = async (parts: EndedSessionsParts): Promise<EndedSessions> => {
  const { periods, open, reserve, now, clock, randomBytes, onError } = parts
  const opened = new Map<number, OpenPeriod>()
  let { oldest } = parts
  let wasReady = false

  const turn = async (): Promise<void> => {
    const live = periods.live(now(), oldest)
    const [first = oldest] = live
    const past = [...opened].filter(([period]) => period < first)
    if (past.length > 0 && !opened.has(first)) await reserve(first)
    // From here on what was issued in them is refused, and then their records may go.
    oldest = first
    const later = past.flatMap(([period, { set }]) => laterEnds(periods, period, set))
    // First dropped, then opened: the new one may take the place of the old.
    for (const [period, { drop }] of past) {
      opened.delete(period)
      await drop()
    }
    for (const period of live) if (!opened.has(period)) opened.set(period, await open(period))
    for (const end of later) await record(end)
  }
  let turning = Promise.resolve()
  const roll = (): Promise<void> => {
    const turned = turning.then(turn)
    turning = turned.catch(() => undefined)
    return turned
  }

  /** In the period in which it will be over, or the newest, for a session that a clock far ahead has issued. */
  const record = async ({ user, session, until }: End, signal?: AbortSignal): Promise<void> => {
    const period = Math.min(periods.of(until), Math.max(...opened.keys()))
    const found = opened.get(period)
    if (found === undefined || found.ids.has(session)) return
    const fact = endedFactOf(user, { session, until }, randomBytes(16).toString('base64url'))
    await found.replica.write(() => found.set.insert([fact]), signal === undefined ? {} : { signal })
  }

  await roll()
  const endRolling = every(clock, rollEvery, () => void roll().catch(onError))

  return {
    isEnded: (id) => {
      for (const { ids } of opened.values()) if (ids.has(id)) return true
      return false
    },
    floor: () => periods.floorOf(oldest),
    end: async (session, { userId = nobody, validUntil, signal }) => {
      const until = Math.ceil(validUntil)
      if (!opened.has(periods.of(until))) await roll()
      // Below the floor it is refused in any case.
      if (periods.of(until) < oldest) return
      try {
        await record({ user: userId, session, until }, signal)
      } catch (error) {
        throw unavailable(error)
      }
    },
    openPeriods: (until = Infinity) =>
      [...opened]
        .filter(([period]) => until === Infinity || period <= periods.of(until))
        .toSorted(([one], [other]) => one - other)
        .map(([, period]) => period),
    status: () => {
      const status = combinedStatus([...opened.values()].map(({ replica }) => replica.status()))
      // A period that opens later is empty everywhere; this node is no less ready for it.
      wasReady ||= status.ready
      return { ...status, ready: wasReady }
    },
    roll,
    close: async () => {
      endRolling()
      await turning
      for (const { close } of opened.values()) await close()
      opened.clear()
    },
  }
}

interface End extends EndedFact {
  readonly user: string
}

/** Whose a session is that the door does not say. */
const nobody = 'nobody'

/** Ends in a period of sessions that go on after it. */
const laterEnds = (periods: Periods, period: number, set: OpenPeriod['set']): End[] =>
  [...set.facts.keys()].flatMap((key): End[] => {
    const fact = set.fact(key)
    const ended = fact?.mark === '.' ? parseEndedFact(fact.text) : undefined
    const isLater = ended !== undefined && periods.of(ended.until) > period
    return isLater ? [{ user: subjectOf(key), ...ended }] : []
  })
