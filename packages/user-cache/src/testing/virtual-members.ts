/** Nodes with users on a virtual network: what they hold is replicated simply, and who is silent for a second is suspected. */
import { createFactSet, type Fact as HeldFact, type FactSet } from '@grapevine/facts'
import { between, bytesFrom, derivedRandom, type Simulation, type VirtualHost } from '@grapevine/simulation'
import * as Y from 'yjs'
import type { Peers } from '../sign-up/asking.ts'
import type { MarkStore } from '../sign-up/marks.ts'
import { grantNames, type NameGrants } from '../sign-up/name-grants.ts'
import { createUserCache, type UserCache } from '../user-cache.ts'
import { allOf, noon } from './kit.ts'

export type Message =
  | { readonly kind: 'ping' }
  | { readonly kind: 'facts'; readonly facts: readonly HeldFact[] }
  | { readonly kind: 'request'; readonly id: number; readonly protocol: string; readonly bytes: Uint8Array }
  | { readonly kind: 'answer'; readonly id: number; readonly bytes: Uint8Array | 'unknown' | undefined }

/** One life of a node. */
export interface VirtualMember {
  readonly host: VirtualHost<Message>
  readonly facts: FactSet
  readonly users: UserCache
  readonly names: NameGrants
}

/** What outlives a node's process. */
export interface Place {
  readonly facts: Map<string, HeldFact>
  marks: Uint8Array | undefined
  lives: number
  /** Claims that its disk never takes. */
  refuses: (fact: HeldFact) => boolean
}

export const newPlace = (): Place => ({
  facts: new Map(),
  marks: undefined,
  lives: 0,
  refuses: () => false,
})

type Handler = (bytes: Uint8Array, context: { readonly from: string }) => Promise<Uint8Array>

/** Between two signs of life, and without any, in milliseconds. */
const [pingMs, silenceMs] = [200, 1_000]
const storeMs = 2_000

/** @param isOld of the version before: it answers no questions about claims */
export const startMember = async (
  { network, seed }: Simulation<Message>,
  name: string,
  all: readonly string[],
  place: Place,
  isOld = false,
): Promise<VirtualMember> => {
  place.lives += 1
  const random = derivedRandom(seed, `${name} ${place.lives}`)
  const others = all.filter((other) => other !== name)
  const handlers = new Map<string, Handler>()
  const listeners = new Set<Parameters<Peers['on']>[1]>()
  const waiting = new Map<number, { to: string; end: (answer: Uint8Array | Error) => void }>()
  const heard = new Map<string, number>(others.map((other) => [other, 0]))
  const exchanged = new Set<string>()
  const facts = createFactSet({ doc: new Y.Doc(), root: 'users', later: () => undefined })
  const flushing = new Map<string, Promise<void>>()
  let requests = 0

  const unlinked = (peer: string): void => {
    for (const { to, end } of waiting.values()) if (to === peer) end(new Error('the link broke'))
    for (const listener of listeners) listener({ member: { id: peer } })
  }
  const request = (to: string, protocol: string, bytes: Uint8Array): Promise<Uint8Array> => {
    const id = (requests += 1)
    return new Promise((resolve, reject) => {
      const end = (answer: Uint8Array | Error): void => {
        waiting.delete(id)
        if (answer instanceof Error) reject(answer)
        else resolve(answer)
      }
      if (!host.isLinked(to)) return end(new Error('not linked'))
      waiting.set(id, { to, end })
      host.send(to, { kind: 'request', id, protocol, bytes })
    })
  }
  const answer = async (from: string, asked: Message & { readonly kind: 'request' }): Promise<void> => {
    const handler = handlers.get(asked.protocol)
    const bytes =
      handler === undefined ? 'unknown' : await handler(asked.bytes, { from }).catch(() => undefined)
    host.send(from, { kind: 'answer', id: asked.id, bytes })
  }
  const host = network.host(name, {
    received: (from, message) => {
      heard.set(from, host.clock.now())
      if (message.kind === 'facts') {
        facts.insert(message.facts, 'remote')
        exchanged.add(from)
      } else if (message.kind === 'request') {
        // On streams of their own, which may overtake each other.
        host.clock.after(400 * random() ** 3, () => void answer(from, message))
      } else if (message.kind === 'answer') {
        const { bytes } = message
        const unknown = Object.assign(new Error('refused'), {
          failure: bytes === 'unknown' ? 'unknown-protocol' : 'failed',
        })
        waiting.get(message.id)?.end(bytes === undefined || bytes === 'unknown' ? unknown : bytes)
      }
    },
    linked: (peer) => host.send(peer, { kind: 'facts', facts: allOf(facts) }),
    unlinked,
  })
  facts.insert([...place.facts.values()], 'disk')
  facts.onChange(({ added, spent, origin }) => {
    if (origin === 'disk') return
    const flushed = new Promise<void>(
      (resolve) => void host.clock.after(between(random, 1, 20), resolve),
    ).then(() => {
      for (const fact of allOf(facts)) place.facts.set(JSON.stringify(fact), fact)
      for (const [text, fact] of place.facts)
        if (fact.mark === '.' && facts.isErased(fact.subject)) place.facts.delete(text)
    })
    for (const fact of added) flushing.set(JSON.stringify(fact), flushed)
    if (spent.length > 0) flushing.set('spent', flushed)
  })
  const flushed = (some: readonly HeldFact[]): Promise<unknown> =>
    Promise.all(some.map(async (fact) => flushing.get(JSON.stringify(fact))))

  const suspects = new Set<string>()
  const watch = (): void => {
    for (const other of others) {
      host.datagram(other, { kind: 'ping' })
      if (!host.isLinked(other)) host.dial(other)
      const isSilent = host.clock.now() - (heard.get(other) ?? 0) > silenceMs
      if (isSilent && !suspects.has(other)) {
        suspects.add(other)
        unlinked(other)
      } else if (!isSilent) suspects.delete(other)
    }
  }
  for (const other of others) heard.set(other, host.clock.now())
  watch()
  host.every(pingMs, watch)

  const peers: Peers = {
    self: { id: name },
    members: () => all.map((id) => ({ id, state: suspects.has(id) ? 'suspect' : 'alive' })),
    reachable: () => others.filter((other) => host.isLinked(other) && !suspects.has(other)),
    request,
    handle: async (protocol, handler) => {
      handlers.set(protocol, handler)
      return () => handlers.delete(protocol)
    },
    on: (_type, listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  handlers.set('store', async (bytes) => {
    const told: HeldFact[] = JSON.parse(Buffer.from(bytes).toString())
    facts.insert(told, 'remote')
    await flushed(told)
    return new Uint8Array()
  })
  const users = createUserCache({
    facts,
    nodeId: name,
    now: () => noon + host.clock.now(),
    randomBytes: (size) => bytesFrom(random, size),
  })
  const write = async (change: () => void): Promise<void> => {
    const added: HeldFact[] = []
    const end = facts.onChange((each) => void added.push(...each.added))
    try {
      change()
    } finally {
      end()
    }
    const bytes = Buffer.from(JSON.stringify(added))
    const stored = peers.reachable().map((other) => request(other, 'store', bytes).catch(() => undefined))
    await flushed(added)
    const over = new Promise<void>((resolve) => void host.clock.after(storeMs, resolve))
    await Promise.race([Promise.all(stored), over])
  }
  const store: MarkStore = {
    read: async () => place.marks,
    write: (bytes) =>
      new Promise((resolve) => {
        host.clock.after(between(random, 1, 10), () => {
          place.marks = bytes
          resolve()
        })
      }),
  }
  const isReady = (): boolean => peers.reachable().every((other) => exchanged.has(other))
  const names = await grantNames({
    users,
    facts,
    peers: isOld ? { ...peers, handle: async () => () => undefined } : peers,
    write,
    stored: async (key) => {
      const fact = facts.fact(key)
      if (fact === undefined || place.refuses(fact)) throw new Error('not held')
      await flushed([fact])
    },
    ready: new Promise<void>((resolve) => void host.clock.after(3_000, resolve)),
    isReady,
    store,
    clock: host.clock,
  })
  return { host, facts, users, names }
}
