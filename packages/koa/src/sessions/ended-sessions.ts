import type { SessionLedger } from '@grapevine/auth-middleware'
import type { ReplicaStatus } from '@grapevine/replica'
import { every } from '@grapevine/std'
import { unavailable, UnavailableError } from '../instance/unavailable.ts'
import { combinedStatus } from './combined-status.ts'
import { endedKey } from './policy.ts'
import type { OpenPeriod } from './open-period.ts'
import type { Ports } from '../instance/ports.ts'
import type { Periods } from './periods.ts'

/** Ended sessions, known on every member, and forgotten when they can no longer matter. */
export interface EndedSessions extends SessionLedger {
  /** Of all open periods together. */
  status(): ReplicaStatus
  /** Opens the periods that matter now and drops those that no longer do. */
  roll(): Promise<void>
  close(): Promise<void>
}

export interface EndedSessionsParts extends Pick<Ports, 'now' | 'clock' | 'randomBytes'> {
  readonly periods: Periods
  readonly open: (period: number) => Promise<OpenPeriod>
  /** Told when a period could not be opened or dropped; the next `roll` tries again. */
  readonly onError: (error: unknown) => void
}

/** How often it is looked whether a period is over, in ms. */
const rollEvery = 60_000

export const endedSessions = async (parts: EndedSessionsParts): Promise<EndedSessions> => {
  const { periods, open, now, clock, randomBytes, onError } = parts
  const opened = new Map<number, OpenPeriod>()
  let wasReady = false

  const turn = async (): Promise<void> => {
    const live = periods.live(now())
    // First dropped, then opened: the new one may take the place of the old.
    for (const [period, { drop }] of opened) {
      if (live.includes(period)) continue
      opened.delete(period)
      await drop()
    }
    for (const period of live) if (!opened.has(period)) opened.set(period, await open(period))
  }
  let turning = Promise.resolve()
  const roll = (): Promise<void> => {
    const turned = turning.then(turn)
    turning = turned.catch(() => undefined)
    return turned
  }

  await roll()
  const endRolling = every(clock, rollEvery, () => void roll().catch(onError))

  const place = async (period: number): Promise<OpenPeriod | undefined> => {
    if (!opened.has(period)) await roll()
    return opened.get(period)
  }
  return {
    isEnded: (id) => {
      for (const { ids } of opened.values()) if (ids.has(id)) return true
      return false
    },
    end: async (id, { validUntil, signal }) => {
      const until = Math.ceil(validUntil)
      const period = periods.of(until)
      if (until < now() && !periods.live(now()).includes(period)) return
      const found = await place(period)
      if (found === undefined) throw new UnavailableError('The clock of this instance is wrong.')
      const { ids, map, replica } = found
      if (ids.has(id)) return
      const key = endedKey(period, id, randomBytes(6).toString('base64url'))
      try {
        await replica.write(() => void map.set(key, until), { signal })
      } catch (error) {
        throw unavailable(error)
      }
    },
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
