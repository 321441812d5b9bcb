import { replicate, type Bus, type Log, type Replica } from '@grapevine/replica'
import * as Y from 'yjs'
import { endedRoot, endedSessionsPolicy, sessionOf } from './policy.ts'
import { slotOf, type Periods } from './periods.ts'
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
  const slots = slotBus(bus)
  return async (period: number): Promise<OpenPeriod> => {
    const name = slotOf(period)
    const storage = await disk.open(placeOf(period))
    const doc = new Y.Doc()
    const map = doc.getMap<unknown>(endedRoot)
    const ids = followIds(map)
    const policy = endedSessionsPolicy(periods, period)
    const replica = await replicate(doc, slots.bus, { name, policy, storage, clock, random, log })
    const close = async (): Promise<void> => {
      slots.release(`replica/${name}`)
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

/** Removes what earlier runs of this node have left of periods that are over. */
export const removePast = async (disk: Ports['disk'], live: readonly number[]): Promise<void> => {
  const names = await disk.list('sessions')
  const past = names.filter((name) => /^\d{1,8}$/.test(name) && Number(name) < (live[0] ?? 0))
  for (const name of past) await disk.remove(placeOf(Number(name)))
}

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

type Handler = Parameters<Bus['handle']>[1]

/** A bus on which a protocol can be handled by one document after the other; a network may take a handler only once. */
const slotBus = (bus: Bus): { readonly bus: Bus; release(protocol: string): void } => {
  const handlers = new Map<string, Handler | undefined>()
  const handle: Bus['handle'] = async (protocol, handler) => {
    const isNew = !handlers.has(protocol)
    handlers.set(protocol, handler)
    if (!isNew) return
    await bus.handle(protocol, async (request, context) => {
      const current = handlers.get(protocol)
      if (current === undefined) throw new Error(`${protocol} is closed now`)
      return current(request, context)
    })
  }
  return {
    bus: {
      self: bus.self,
      reachable: () => bus.reachable(),
      topic: (name) => bus.topic(name),
      request: (member, protocol, bytes, options) => bus.request(member, protocol, bytes, options),
      handle,
      on: (type, listener) => bus.on(type, listener),
    },
    release: (protocol) => void handlers.set(protocol, undefined),
  }
}
