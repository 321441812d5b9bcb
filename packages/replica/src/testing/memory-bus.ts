import { unlessAborted } from '@grapevine/std'
import { createHandlers, type Handlers } from '../buses/handlers.ts'
import type { Bus } from '../bus.ts'

type LinkListener = Parameters<Bus['on']>[1]

interface Station {
  readonly bus: Bus
  readonly handlers: Handlers
  readonly subscribers: Map<string, Set<(bytes: Uint8Array) => void>>
  readonly listeners: Map<string, Set<LinkListener>>
}

/** A network in one process whose links can be cut, for tests. */
export interface MemoryNetwork {
  join(id: string): Bus
  cut(a: string, b: string): void
  heal(): void
  /** How many messages and requests were delivered. */
  delivered(): number
}

export const memoryNetwork = (): MemoryNetwork => {
  const stations = new Map<string, Station>()
  const cuts = new Set<string>()
  let deliveries = 0
  const pair = (a: string, b: string): string => [a, b].sort().join(' ')
  const linked = (a: string, b: string): boolean => a !== b && stations.has(b) && !cuts.has(pair(a, b))

  const tell = (id: string, type: 'member:linked' | 'member:unlinked', other: string): void => {
    for (const listener of stations.get(id)?.listeners.get(type) ?? []) listener({ member: { id: other } })
  }

  /** As gossip does it: over whichever members pass it on. */
  const reachedFrom = (self: string): ReadonlySet<string> => {
    const reached = new Set([self])
    for (const from of reached)
      for (const other of stations.keys()) if (linked(from, other)) reached.add(other)
    return reached
  }

  const createBus = (self: string, handlers: Handlers): Bus => ({
    self: { id: self },
    reachable: () => [...stations.keys()].filter((other) => linked(self, other)),
    topic: (name) => ({
      publish: async (bytes) => {
        const reached = reachedFrom(self)
        for (const [id, { subscribers }] of stations) {
          if (id === self || !reached.has(id)) continue
          deliveries += 1
          for (const listener of subscribers.get(name) ?? []) queueMicrotask(() => listener(bytes.slice()))
        }
      },
      subscribe: (listener) => {
        const all = stations.get(self)?.subscribers
        const set = all?.get(name) ?? new Set()
        all?.set(name, set.add(listener))
        return () => void set.delete(listener)
      },
    }),
    request: async (member, protocol, bytes, { signal }) => {
      if (!linked(self, member)) throw new Error(`${member} is not linked`)
      const handler = stations.get(member)?.handlers.get(protocol)
      if (handler === undefined)
        throw Object.assign(new Error(`${member} does not handle ${protocol}`), {
          failure: 'unknown-protocol',
        })
      deliveries += 1
      const answer = await unlessAborted(handler(bytes.slice(), { from: self }), signal)
      if (!linked(self, member)) throw new Error(`the link to ${member} broke`)
      return answer.slice()
    },
    handle: async (protocol, handler) => handlers.add(protocol, handler),
    on: (type, listener) => {
      const all = stations.get(self)?.listeners
      const set = all?.get(type) ?? new Set()
      all?.set(type, set.add(listener))
      return () => void set.delete(listener)
    },
  })

  return {
    join: (id) => {
      const handlers = createHandlers()
      const bus = createBus(id, handlers)
      stations.set(id, { bus, handlers, subscribers: new Map(), listeners: new Map() })
      for (const other of bus.reachable()) tell(other, 'member:linked', id)
      return bus
    },
    cut: (a, b) => {
      cuts.add(pair(a, b))
      tell(a, 'member:unlinked', b)
      tell(b, 'member:unlinked', a)
    },
    heal: () => {
      const healed = [...cuts].map((cut) => cut.split(' '))
      cuts.clear()
      for (const [a, b] of healed) {
        if (a === undefined || b === undefined) continue
        tell(a, 'member:linked', b)
        tell(b, 'member:linked', a)
      }
    },
    delivered: () => deliveries,
  }
}
