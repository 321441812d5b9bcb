import { BoundedMap } from '@grapevine/std'
import { limits } from '../../limits.ts'
import type { Timings } from '../../config.ts'
import type { Statement } from './statement.ts'
import { finalisedAt, initialUpgrade, type Upgrade } from './finalised.ts'
import { noProofs, type Proofs } from './proofs.ts'
import type { Effect } from './effect.ts'
import type { Member } from './member.ts'
import type { Message } from './messages.ts'
import type { Bucket } from './rate-limit.ts'

export interface Peer {
  member: Statement
  /** When the state was entered. */
  since: number
  /** Accusations of this node, without a link to the member, since it was last linked or heard through others. */
  doubts: number
  /** Whether its incarnation was shown by its key, or told on its own link. */
  isProven: boolean
  /** When it was last called alive and ceased to be. */
  doubtedAt?: number
  /** When this node first heard of it. */
  readonly metAt: number
  /** Not accused by this node before, while there is no link. */
  doubtAfter: number
  probedAt?: number
  /** Its clock less this node's monotonic one, as last measured: a step of the own wall clock does not make it wrong. */
  clock?: number
  isSkewTold?: boolean
  skewToldAt?: number
  /** The member that last passed a ping on to it. */
  via?: string
}

export interface Probe {
  readonly seq: number
  readonly stage: 'direct' | 'indirect'
  deadline: number
  /** When the ping went out, or the others were asked. */
  readonly sentAt: number
  /** Who was asked to ping it. */
  readonly asked: Set<string>
  /** How many of them answered that it is silent. */
  nacks: number
}

/** Whom this node links to and watches. Equal rosters give overlays that agree: a wants b as b wants a. */
export interface Overlay {
  /** Links to these are dialled and kept; others are given up after a while. */
  readonly wanted: ReadonlySet<string>
  /** These are probed. */
  readonly watched: ReadonlySet<string>
  /** All present members by id, this one included. */
  readonly ring: readonly string[]
}

/** An accusation by others of a member that this node hears from: see `roster/hearsay.ts`. */
export interface Hearsay {
  readonly statement: Statement
  /** Whether the accused was told, so that it can refute. */
  asked: boolean
}

/** A peer penalty: who sent what no honest member sends loses its link, and gets none for a while; longer each time. */
export interface Penalty {
  readonly times: number
  readonly until: number
  readonly for: 'liar' | 'incompatible'
}

/** A ping sent on behalf of another member. */
export interface Relay {
  readonly origin: string
  readonly seq: number
  expires: number
}

/** Something to be connected to. */
export interface DialTarget {
  readonly origin:
    | { readonly type: 'member' }
    | { readonly type: 'configured'; readonly source: string }
    | { readonly type: 'announced' }
  addresses: readonly string[]
  /** Whose it is, once known. */
  peer?: string
  attempt: number
  /** Not before; `Infinity` while a dial is under way. */
  nextAt: number
}

/**
 * Everything the protocol knows. `step` owns the state that it is given and may reuse it: keep only what
 * it returns.
 */
export interface State {
  self: Statement
  readonly proofs: Proofs
  /** Milliseconds since 1970, right or wrong. */
  readonly wallClock: () => number
  readonly timings: Timings
  /** Uniform in [0, 1); seeded in simulations. */
  readonly random: () => number
  readonly peers: Map<string, Peer>
  /** Members that were down for so long that they were forgotten, and at which incarnation. */
  readonly forgotten: Map<string, number>
  readonly penalties: Map<string, Penalty>
  /** Members of an earlier run, from this node's disk, that have not been met yet: to be dialled, and counted, no more. */
  readonly remembered: Map<string, Member>
  readonly upgrade: Upgrade
  /** Messages of later versions, so far. */
  ignored: number
  /** When this node's own key spoke for somebody else: see `roster/clones.ts`. */
  ownWords: readonly number[]
  cloneToldAt: number
  readonly links: Set<string>
  /** When something last came over a link. */
  readonly heardAt: Map<string, number>
  readonly hearsay: Map<string, Hearsay>
  /** Members that are alive and linked, as last announced. */
  readonly reachable: Set<string>
  /** Links on which a ping was not answered, and since when nothing came. */
  readonly silent: Map<string, number>
  /** Whose clock was asked for, apart from probes. */
  readonly clocksAsked: Map<string, Pick<Probe, 'seq' | 'sentAt'>>
  /** Links beyond the overlay, and since when. */
  readonly excess: Map<string, number>
  /** Lifeguard's local health, 0 to 8. */
  health: number
  readonly probes: Map<string, Probe>
  readonly relays: Map<number, Relay>
  /** Statements to be gossiped: member id → rounds left. */
  readonly rumours: Map<string, number>
  readonly targets: Map<string, DialTarget>
  /** Dials to announced strangers that each host may still get. */
  readonly strangerDials: Map<string, Bucket>
  /** Undefined when the roster has changed since it was computed. */
  overlay: Overlay | undefined
  /** Undefined when the roster has changed since. */
  digest: string | undefined
  /** Whether links or states have changed since reachability was last announced. */
  reachability: 'announced' | 'due'
  seq: number
  lastTick: number
  readonly startedAt: number
  nextProbe: number
  nextSweep: number
  nextGossip: number
  nextSync: number
  nextReachOut: number
}

export const initialState = (
  self: Member,
  timings: Timings,
  random: () => number,
  now: number,
  { proofs = noProofs, remembered = [], wallClock = () => now, finalised = 1 }: Given = {},
): State => ({
  self: withProof(
    self.speaks === undefined ? self : { ...self, speaks: finalisedAt(self.speaks, finalised) },
    proofs,
  ),
  upgrade: initialUpgrade(finalised),
  proofs,
  wallClock,
  timings,
  random,
  peers: new Map(),
  forgotten: new BoundedMap(limits.members),
  penalties: new BoundedMap(limits.members),
  remembered: new Map(remembered.map((member) => [member.id, member])),
  ignored: 0,
  ownWords: [],
  cloneToldAt: -Infinity,
  links: new Set(),
  heardAt: new Map(),
  hearsay: new Map(),
  reachable: new Set(),
  silent: new Map(),
  clocksAsked: new Map(),
  excess: new Map(),
  health: 0,
  probes: new Map(),
  relays: new Map(),
  rumours: new Map(),
  targets: new Map(),
  strangerDials: new BoundedMap(limits.strangers),
  overlay: undefined,
  digest: undefined,
  reachability: 'announced',
  seq: 0,
  lastTick: now,
  startedAt: now,
  nextProbe: now + timings.probeInterval * random(),
  nextSweep: now,
  nextGossip: now,
  nextSync: now + timings.syncInterval * random(),
  nextReachOut: now,
})

interface Given {
  readonly proofs?: Proofs
  /** The roster of an earlier run. */
  readonly remembered?: readonly Member[]
  readonly wallClock?: () => number
  /** The version that the upgrade was finalised at, as this node's disk has it. */
  readonly finalised?: number
}

/** A member's word about itself, as it goes out. */
export const withProof = (self: Member, proofs: Proofs): Statement => {
  const proof = proofs.prove(self.incarnation)
  return proof === undefined ? self : { ...self, proof }
}

/** One step under way: the state, the time, and the effects so far. */
export interface Turn {
  readonly state: State
  readonly now: number
  readonly effects: Effect[]
}

export const send = (turn: Turn, to: string, message: Message): void => {
  turn.effects.push({ type: 'send', to, message })
}

/** Whether there is a link to the member on which no answer is overdue. */
export const hearsFrom = ({ links, silent }: State, id: string): boolean => links.has(id) && !silent.has(id)

/** Links that are not under suspicion of being cut; all of them, if all are. */
export const soundLinks = ({ links, silent }: State): readonly string[] => {
  const sound = [...links].filter((peer) => !silent.has(peer))
  return sound.length > 0 ? sound : [...links]
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
