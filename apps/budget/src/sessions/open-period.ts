import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openLevelStorage, replicate, type Bus, type Log, type Replica } from '@grapevine/replica'
import * as Y from 'yjs'
import { endedRoot, endedSessionsPolicy, sessionOf } from './policy.ts'
import { slotOf, type Periods } from './periods.ts'

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

export interface OpenPeriodParts {
  readonly bus: Bus
  readonly periods: Periods
  readonly folder: string
  /** Whose data it is. */
  readonly owner: string
  readonly log: Log
}

/** Opens periods in folders of their own. */
export const periodOpener = ({ bus, periods, folder, owner, log }: OpenPeriodParts) => {
  const slots = slotBus(bus)
  return async (period: number): Promise<OpenPeriod> => {
    const name = slotOf(period)
    const place = join(folder, String(period))
    const storage = await openLevelStorage({ folder: place, owner: `${owner}/${period}`, log })
    const doc = new Y.Doc()
    const map = doc.getMap<unknown>(endedRoot)
    const ids = followIds(map)
    const policy = endedSessionsPolicy(periods, period)
    const replica = await replicate(doc, slots.bus, { name, policy, storage, log })
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
        await rm(place, { recursive: true, force: true })
        log.info({ period }, 'ended sessions that can no longer matter were dropped')
      },
    }
  }
}

/** Removes what earlier runs of this node have left of periods that are over. */
export const removePast = async (folder: string, live: readonly number[]): Promise<void> => {
  const names = await readdir(folder).catch(() => [])
  const past = names.filter((name) => /^\d{1,8}$/.test(name) && Number(name) < (live[0] ?? 0))
  for (const name of past) await rm(join(folder, name), { recursive: true, force: true })
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
