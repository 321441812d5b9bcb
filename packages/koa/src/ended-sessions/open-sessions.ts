import { endedSessions, type EndedSessions } from './ended-sessions.ts'
import { keptPeriods, periodOpener, reserve } from './open-period.ts'
import { periods } from './periods.ts'
import { floorExchange, type ToldFloor } from './floor-exchange.ts'
import type { FactSet } from '@grapevine/facts'
import type { Bus } from '@grapevine/replica'
import type { Ports } from '../instance/ports.ts'

/** How long a session can live, in ms: the default of `sessions()`. */
export const sessionLife: number = 7 * 24 * 60 * 60_000

export interface SessionsParts {
  readonly bus: Bus
  readonly ports: Pick<Ports, 'disk' | 'clock' | 'now' | 'random' | 'randomBytes' | 'log'>
  readonly isTimeSettled: () => boolean
  readonly erasuresOf?: FactSet
}

/** Whoever puts back the data of an earlier time leaves this beside the records: the next start ends all sessions. */
const restored = 'restored'

const nothing = (): ToldFloor => ({ epoch: undefined, epochs: [], oldest: 0 })

/** Opens the record of ended sessions. */
export const openSessions = async (parts: SessionsParts): Promise<EndedSessions> => {
  const { bus, ports, isTimeSettled, erasuresOf } = parts
  const { disk, clock, now, random, randomBytes, log } = ports
  const wasRestored = (await disk.list('sessions')).includes(restored)
  let told = nothing
  const floors = await floorExchange(bus, () => told(), sessionLife)
  const sessions = await endedSessions({
    periods: periods(sessionLife),
    kept: await keptPeriods(disk),
    reserve: (period) => reserve(disk, period),
    open: periodOpener({ bus, disk, clock, random, log, erasuresOf }),
    isTimeSettled,
    askOthers: floors.ask,
    now,
    clock,
    randomBytes,
    onError: (error) => log.error({ err: error }, 'ended sessions were not rolled to the next period'),
  })
  told = sessions.told
  // Before an end is asked of both: where its records begin may be news to the other, or the other's to this one.
  const unlisten = bus.on('member:linked', () => void sessions.roll().catch(() => undefined))
  const close = async (): Promise<void> => {
    unlisten()
    floors.close()
    await sessions.close()
  }
  if (wasRestored) {
    await sessions.bumpEpoch()
    await disk.remove(`sessions/${restored}`)
    log.warn({}, 'data of an earlier time was put back: all sessions of before are ended')
  }
  return { ...sessions, close }
}
