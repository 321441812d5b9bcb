import { endedSessions, type EndedSessions } from './ended-sessions.ts'
import { oldestKept, periodOpener, removePast, reserve } from './open-period.ts'
import { periods } from './periods.ts'
import type { FactSet } from '@grapevine/facts'
import type { Bus } from '@grapevine/replica'
import type { Ports } from '../instance/ports.ts'

/** How long a session can live, in ms: the default of `sessions()`. */
export const sessionLife: number = 7 * 24 * 60 * 60_000

/** Opens the record of ended sessions. */
export const openSessions = async (
  bus: Bus,
  { disk, clock, now, random, randomBytes, log }: Ports,
  erasuresOf?: FactSet,
): Promise<EndedSessions> => {
  const life = periods(sessionLife)
  const oldest = await oldestKept(disk)
  await removePast(disk, life.live(now(), oldest))
  return endedSessions({
    periods: life,
    oldest,
    reserve: (period) => reserve(disk, period),
    open: periodOpener({ bus, disk, clock, random, log, erasuresOf }),
    now,
    clock,
    randomBytes,
    onError: (error) => log.error({ err: error }, 'ended sessions were not rolled to the next period'),
  })
}
