import type { Timings } from '../config.ts'
import type { Member } from './member.ts'
import type { Message } from './messages.ts'

/** What happened, as told to the core by the network, the clock or the application. */
export type Input =
  /** A link to an admitted peer is open: messages can be sent to it. */
  | { readonly type: 'linked'; readonly peer: string }
  /** The last connection to the peer is gone. */
  | { readonly type: 'unlinked'; readonly peer: string }
  | { readonly type: 'received'; readonly from: string; readonly message: Message }
  /** Discovery heard of an address, and perhaps of whose it is. */
  | { readonly type: 'found'; readonly peer?: string; readonly addresses: readonly string[] }
  | { readonly type: 'dialled'; readonly target: string; readonly outcome: DialOutcome }
  | { readonly type: 'tick' }
  /** The application changed this member's metadata, or the network its addresses. */
  | { readonly type: 'changed'; readonly self: Partial<Pick<Member, 'addresses' | 'metadata'>> }
  | { readonly type: 'leave' }

export type DialOutcome =
  | { readonly type: 'connected'; readonly peer: string }
  | { readonly type: 'failed' }
  /** The address is this node's own. */
  | { readonly type: 'self' }

/** What the shell is to do. */
export type Effect =
  | { readonly type: 'send'; readonly to: string; readonly message: Message }
  | {
      readonly type: 'dial'
      readonly target: string
      readonly addresses: readonly string[]
      readonly peer?: string
    }
  | { readonly type: 'emit'; readonly event: MembershipEvent }

export type MembershipEvent =
  /** A member is there: new, back, or no longer suspected. */
  | { readonly type: 'member:up'; readonly member: Member }
  | { readonly type: 'member:suspect'; readonly member: Member }
  | { readonly type: 'member:down'; readonly member: Member }
  | { readonly type: 'member:left'; readonly member: Member }
  /** Its metadata, name or addresses changed. */
  | { readonly type: 'member:updated'; readonly member: Member }
  /** It is alive and there is a link to it: it can be sent requests from now on. */
  | { readonly type: 'member:linked'; readonly member: Member }
  /** It cannot be sent requests from now on. */
  | { readonly type: 'member:unlinked'; readonly member: Member }

export interface Peer {
  member: Member
  /** When the state was entered. */
  since: number
}

export type Probe = {
  readonly seq: number
  readonly stage: 'direct' | 'indirect'
  readonly deadline: number
}

/** A ping sent on behalf of another member. */
export interface Relay {
  readonly origin: string
  readonly seq: number
  readonly expires: number
}

/** Something to be connected to: a member, a peer heard of, or a seed whose owner is not known yet. */
export interface DialTarget {
  addresses: readonly string[]
  /** Whose it is, once known. */
  peer?: string
  readonly kind: 'seed' | 'peer'
  attempt: number
  /** Not before; `Infinity` while a dial is under way. */
  nextAt: number
}

/**
 * Everything the protocol knows. `step` owns the state that it is given and may reuse it: keep only what
 * it returns.
 */
export interface State {
  self: Member
  readonly timings: Timings
  /** Uniform in [0, 1); seeded in simulations. */
  readonly random: () => number
  readonly peers: Map<string, Peer>
  readonly links: Set<string>
  /** Members that are alive and linked, as last announced. */
  readonly reachable: Set<string>
  readonly probes: Map<string, Probe>
  readonly relays: Map<number, Relay>
  /** Claims to be gossiped: member id → rounds left. */
  readonly rumours: Map<string, number>
  readonly targets: Map<string, DialTarget>
  /** Rest of the current round of probing. */
  probeRound: string[]
  seq: number
  lastTick: number
  nextProbe: number
  nextGossip: number
  nextSync: number
}

export const initialState = (self: Member, timings: Timings, random: () => number, now: number): State => ({
  self,
  timings,
  random,
  peers: new Map(),
  links: new Set(),
  reachable: new Set(),
  probes: new Map(),
  relays: new Map(),
  rumours: new Map(),
  targets: new Map(),
  probeRound: [],
  seq: 0,
  lastTick: now,
  nextProbe: now + timings.probeInterval * random(),
  nextGossip: now,
  nextSync: now + timings.syncInterval * random(),
})

/** One step under way: the state, the time, and the effects so far. */
export interface Turn {
  readonly state: State
  readonly now: number
  readonly effects: Effect[]
}

export const send = (turn: Turn, to: string, message: Message): void => {
  turn.effects.push({ type: 'send', to, message })
}

export const emit = (turn: Turn, type: MembershipEvent['type'], member: Member): void => {
  turn.effects.push({ type: 'emit', event: { type, member } })
}

/** A random sample without replacement (Fisher–Yates, cut short). */
export const sample = <T>(items: Iterable<T>, size: number, random: () => number): T[] => {
  const pool = [...items]
  const chosen: T[] = []
  while (chosen.length < size && pool.length > 0) {
    const index = Math.floor(random() * pool.length)
    chosen.push(...pool.splice(index, 1))
  }
  return chosen
}

export const isPresent = (member: Member): boolean => member.state === 'alive' || member.state === 'suspect'
