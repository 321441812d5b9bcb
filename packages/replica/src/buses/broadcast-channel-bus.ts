/**
 * A bus over a `BroadcastChannel`: the tabs of a browser's kind of thing, or the worker threads of one process. It
 * shows that a replica is not tied to any network; who opens a channel of this name is a member, without a secret.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { BroadcastChannel } from 'node:worker_threads'
import { every, onAbort, systemClock, type Clock } from '@grapevine/std'
import { createHandlers } from './handlers.ts'
import type { Bus } from '../bus.ts'

export interface BroadcastChannelBusOptions {
  /** Told to the others. @default a random one */
  readonly id?: string
  /** @default the system's */
  readonly clock?: Clock
}

export interface BroadcastChannelBus extends Bus, Disposable {
  /** Tells the others and stops listening. */
  close(): void
}

type Message =
  | { readonly kind: 'hello' | 'here' | 'bye'; readonly from: string }
  | { readonly kind: 'gossip'; readonly from: string; readonly topic: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'request'
      readonly from: string
      readonly to: string
      readonly id: number
      readonly protocol: string
      readonly bytes: Uint8Array
    }
  | {
      readonly kind: 'answer'
      readonly from: string
      readonly to: string
      readonly id: number
      /** Undefined: refused. */
      readonly bytes: Uint8Array | undefined
    }

type Listener = Parameters<Bus['on']>[1]

/** Milliseconds between two signs of life, and how many may be missing. */
const heartbeat = 1_000
const missable = 3

/** Joins the members on the channel of this name. */
export const broadcastChannelBus = (
  name: string,
  options: BroadcastChannelBusOptions = {},
): BroadcastChannelBus => {
  const { id = randomUUID(), clock = systemClock } = options
  const channel = new BroadcastChannel(name)
  const seen = new Map<string, number>()
  const handlers = createHandlers()
  const subscribers = new Map<string, Set<(bytes: Uint8Array) => void>>()
  const listeners = { 'member:linked': new Set<Listener>(), 'member:unlinked': new Set<Listener>() }
  const waiting = new Map<number, (bytes: Uint8Array | undefined) => void>()
  let requests = 0
  let isClosed = false

  const post = (message: Message): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    if (!isClosed) channel.postMessage(message)
  }
  const tell = (type: keyof typeof listeners, member: string): void => {
    for (const listener of listeners[type]) listener({ member: { id: member } })
  }
  const meet = (member: string): void => {
    const isNew = !seen.has(member)
    seen.set(member, clock.now())
    if (!isNew) return
    post({ kind: 'here', from: id })
    tell('member:linked', member)
  }
  const lose = (member: string): void => {
    if (seen.delete(member)) tell('member:unlinked', member)
  }
  const answer = async (request: Message & { readonly kind: 'request' }): Promise<void> => {
    const { from, protocol } = request
    const bytes = await handlers
      .get(protocol)?.(request.bytes, { from })
      .catch(() => undefined)
    post({ kind: 'answer', from: id, to: from, id: request.id, bytes })
  }

  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the typings of Node's channel have no other
  channel.onmessage = ({ data }: { data: unknown }): void => {
    if (!isMessage(data)) return
    if (data.kind === 'bye') return lose(data.from)
    meet(data.from)
    if (data.kind === 'gossip') for (const take of subscribers.get(data.topic) ?? []) take(data.bytes)
    else if (data.kind === 'request' && data.to === id) void answer(data)
    else if (data.kind === 'answer' && data.to === id) waiting.get(data.id)?.(data.bytes)
  }
  const endHeartbeat = every(clock, heartbeat, () => {
    post({ kind: 'here', from: id })
    for (const [member, at] of seen) if (clock.now() - at > heartbeat * missable) lose(member)
  })
  post({ kind: 'hello', from: id })

  const request: Bus['request'] = (to, protocol, bytes, { signal }) => {
    requests += 1
    const number = requests
    return new Promise<Uint8Array>((resolve, reject) => {
      const settle = (act: () => void): void => {
        waiting.delete(number)
        stopListening()
        act()
      }
      const abort = (): void => {
        waiting.delete(number)
        reject(new Error(`${to} did not answer in time`))
      }
      waiting.set(number, (answered) =>
        settle(() => (answered === undefined ? reject(new Error(`${to} refused`)) : resolve(answered))),
      )
      const stopListening = onAbort(signal, abort)
      if (!signal.aborted) post({ kind: 'request', from: id, to, id: number, protocol, bytes })
    })
  }
  const close = (): void => {
    post({ kind: 'bye', from: id })
    isClosed = true
    endHeartbeat()
    channel.close()
  }
  return {
    self: { id },
    reachable: () => [...seen.keys()],
    topic: (topic) => ({
      publish: async (bytes) => post({ kind: 'gossip', from: id, topic, bytes }),
      subscribe: (listener) => subscribed(subscribers, topic, listener),
    }),
    request,
    handle: async (protocol, handler) => handlers.add(protocol, handler),
    on: (type, listener) => {
      listeners[type].add(listener)
      return () => void listeners[type].delete(listener)
    },
    close,
    [Symbol.dispose]: close,
  }
}

const subscribed = <T>(all: Map<string, Set<T>>, topic: string, listener: T): (() => void) => {
  const set = all.get(topic) ?? new Set()
  all.set(topic, set.add(listener))
  return () => void set.delete(listener)
}

/** Only this process can post to the channel; what is not of this shape is for somebody else. */
const isMessage = (data: unknown): data is Message =>
  typeof data === 'object' &&
  data !== null &&
  'kind' in data &&
  'from' in data &&
  typeof data.from === 'string'
