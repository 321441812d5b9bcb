import type { VirtualHost, VirtualNetwork } from '@grapevine/simulation'
import { createHandlers } from '../buses/handlers.ts'
import type { Bus, BusTopic } from '../bus.ts'

/** What travels between two hosts. */
export type Message =
  | { readonly kind: 'gossip'; readonly topic: string; readonly bytes: Uint8Array }
  | { readonly kind: 'request'; readonly id: number; readonly protocol: string; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly bytes: Uint8Array | undefined }

export interface VirtualBus {
  readonly bus: Bus
  readonly host: VirtualHost<Message>
}

interface Waiting {
  readonly to: string
  readonly resolve: (bytes: Uint8Array) => void
  readonly reject: (error: Error) => void
}

type Validator = Parameters<NonNullable<BusTopic['validate']>>[0]

const redialInterval = 500

/** A bus on a host of the virtual network: links to all, dialled again for ever, as membership does. */
export const virtualBus = (
  network: VirtualNetwork<Message>,
  id: string,
  all: readonly string[],
): VirtualBus => {
  const others = all.filter((other) => other !== id)
  const handlers = createHandlers()
  const subscribers = new Map<string, Set<Parameters<BusTopic['subscribe']>[0]>>()
  const validators = new Map<string, Validator>()
  const listeners = {
    'member:linked': new Set<Parameters<Bus['on']>[1]>(),
    'member:unlinked': new Set<Parameters<Bus['on']>[1]>(),
  }
  const waiting = new Map<number, Waiting>()
  let requests = 0

  const tell = (type: keyof typeof listeners, peer: string): void => {
    for (const listener of listeners[type]) listener({ member: { id: peer } })
  }
  const answer = async (from: string, request: Message & { readonly kind: 'request' }): Promise<void> => {
    const handler = handlers.get(request.protocol)
    const bytes = await handler?.(request.bytes, { from }).catch(() => undefined)
    host.send(from, { kind: 'answer', id: request.id, bytes })
  }
  const received = (from: string, message: Message): void => {
    switch (message.kind) {
      case 'gossip': {
        if (validators.get(message.topic)?.(message.bytes, { from }) === false) return
        for (const listener of subscribers.get(message.topic) ?? []) listener(message.bytes, { from })
        return
      }
      case 'request':
        return void answer(from, message)
      case 'answer': {
        const asked = waiting.get(message.id)
        waiting.delete(message.id)
        if (message.bytes === undefined) asked?.reject(new Error('refused'))
        else asked?.resolve(message.bytes)
      }
    }
  }
  const unlinked = (peer: string): void => {
    for (const [request, { to, reject }] of waiting) {
      if (to !== peer) continue
      waiting.delete(request)
      reject(new Error('the link broke'))
    }
    tell('member:unlinked', peer)
  }

  const host = network.host(id, { received, linked: (peer) => tell('member:linked', peer), unlinked })
  const redial = (): void => {
    for (const other of others) if (!host.isLinked(other)) host.dial(other)
  }
  redial()
  host.every(redialInterval, redial)

  const bus: Bus = {
    self: { id },
    members: () => all.map((member) => ({ id: member, state: 'alive' })),
    reachable: () => others.filter((other) => host.isLinked(other)),
    topic: (topic) => ({
      publish: async (bytes) => {
        for (const other of others) host.datagram(other, { kind: 'gossip', topic, bytes })
      },
      subscribe: (listener) => {
        const set = subscribers.get(topic) ?? new Set()
        subscribers.set(topic, set.add(listener))
        return () => void set.delete(listener)
      },
      validate: (isGood) => {
        validators.set(topic, isGood)
        return () => void validators.delete(topic)
      },
    }),
    request: (to, protocol, bytes) => {
      if (!host.isLinked(to)) return Promise.reject(new Error(`${to} is not linked`))
      requests += 1
      const request = requests
      return new Promise<Uint8Array>((resolve, reject) => {
        waiting.set(request, { to, resolve, reject })
        host.send(to, { kind: 'request', id: request, protocol, bytes })
      })
    },
    handle: async (protocol, handler) => handlers.add(protocol, handler),
    on: (type, listener) => {
      listeners[type].add(listener)
      return () => void listeners[type].delete(listener)
    },
  }
  return { bus, host }
}
