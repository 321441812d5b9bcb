import { createHash } from 'node:crypto'
import { limits } from '../../limits.ts'
import { announce } from './announcing.ts'
import { merge, type Claim } from '../state/statement.ts'
import { noteOwnWordByAnother } from './clones.ts'
import { believable } from './evidence.ts'
import { dropHearsay, withoutHearsay } from './hearsay.ts'
import { worsen } from '../state/health.ts'
import { isPresent, type Member } from '../state/member.ts'
import { withProof, type Peer, type Turn } from '../state/state.ts'

/** Takes in what was said of members: SWIM's merge, then an event and a rumour for each piece of news. */
export const learnAll = (turn: Turn, claims: readonly Claim[], from: string): void => {
  for (const claim of believable(turn, claims, from)) {
    if (claim.id === turn.state.self.id) hearOfSelf(turn, claim)
    else learn(turn, withoutHearsay(turn, claim, from), from)
  }
}

/** Takes in a claim about another member as it is: this node's own, or one that it believes. */
export const learn = (turn: Turn, claim: Claim, from?: string): void => {
  const { state, now } = turn
  const peer = state.peers.get(claim.id)
  if (peer === undefined) {
    if (isWelcome(turn, claim, from)) admit(turn, claim, from)
    return
  }
  const before = peer.member
  const merged = merge(before, claim)
  if (merged === before) return
  peer.member = merged
  const held = state.hearsay.get(claim.id)
  if (held !== undefined && held.claim.incarnation < merged.incarnation) dropHearsay(turn, claim.id)
  changed(turn, merged.state === before.state ? 'claim' : 'state')
  // More accusers shorten a suspicion, they do not start it anew.
  if (before.state === 'alive' && merged.state !== 'alive') peer.doubtedAt = now
  if (merged.state !== before.state || merged.incarnation !== before.incarnation) peer.since = now
  spread(turn, claim.id)
  announce(turn, merged, before)
}

/** Nobody needs to meet who has left, or who was forgotten and has not come back. */
const isWelcome = ({ state }: Turn, claim: Claim, from: string | undefined): boolean =>
  claim.state !== 'left' && (claim.id === from || claim.incarnation > (state.forgotten.get(claim.id) ?? -1))

const admit = (turn: Turn, claim: Claim, from: string | undefined): void => {
  const { state, now } = turn
  if (!makeRoom(turn)) return
  const isProven = claim.proof !== undefined || claim.id === from
  meet(turn, claim)
  state.peers.set(claim.id, { member: claim, since: now, metAt: now, isProven, doubts: 0, doubtAfter: now })
  changed(turn, 'state')
  spread(turn, claim.id)
  announce(turn, claim, undefined)
}

/** Whoever is met need not be remembered, nor whom it replaces. */
const meet = ({ state: { remembered } }: Turn, { id, name }: Claim): void => {
  remembered.delete(id)
  for (const [other, member] of remembered) if (member.name === name) remembered.delete(other)
}

/** A full roster forgets whoever is absent for longest; of present members nobody is forgotten. */
const makeRoom = (turn: Turn): boolean => {
  const { peers } = turn.state
  if (peers.size < limits.members) return true
  let longest: Peer | undefined
  for (const peer of peers.values()) {
    if (!isPresent(peer.member) && (longest === undefined || peer.since < longest.since)) longest = peer
  }
  if (longest !== undefined) forget(turn, longest.member)
  return longest !== undefined
}

/** What was computed from the roster holds no longer. */
const changed = ({ state }: Turn, what: 'claim' | 'state'): void => {
  state.digest = undefined
  if (what === 'claim') return
  state.overlay = undefined
  state.reachability = 'due'
}

/** Others may still speak of it for a while; only a higher incarnation brings it back. */
const forget = (turn: Turn, { id, incarnation }: Claim): void => {
  const { state } = turn
  state.peers.delete(id)
  changed(turn, 'state')
  state.rumours.delete(id)
  dropHearsay(turn, id)
  state.targets.delete(id)
  state.forgotten.set(id, incarnation)
}

/** Members that were down, or gone, for long are forgotten. */
export const forgetAbsent = (turn: Turn): void => {
  const { state, now } = turn
  for (const { member, since } of state.peers.values()) {
    if (!isPresent(member) && now >= since + state.timings.forgetDown) forget(turn, member)
  }
  if (now >= state.startedAt + state.timings.forgetDown) state.remembered.clear()
}

const hearOfSelf = (turn: Turn, claim: Claim): void => {
  if (claim.proof !== undefined && claim.incarnation > turn.state.self.incarnation) noteOwnWordByAnother(turn)
  refute(turn, claim)
}

/** Says so when this node is wrongly accused, with a higher incarnation than the accusation's (SWIM, 4.2). */
const refute = (turn: Turn, claim: Claim): void => {
  const { state } = turn
  if (state.self.state === 'left') return
  const accused = claim.state !== 'alive' && claim.incarnation >= state.self.incarnation
  const outdated = claim.incarnation > state.self.incarnation
  if (!accused && !outdated) return
  setSelf(turn, { incarnation: claim.incarnation + 1 })
  // Whoever is accused though alive may be the one that is ill (Lifeguard, IV-A).
  if (claim.state === 'suspect') worsen(turn, 1)
}

/** What this node says of itself from now on. */
export const setSelf = (turn: Turn, changes: Partial<Member>): void => {
  const { state } = turn
  const { proof: _item, ...self } = state.self
  state.self = withProof({ ...self, ...changes }, state.proofs)
  spread(turn, self.id)
}

/** Gossips the latest claim about a member in O(log n) rounds (SWIM, 4.1). */
export const spread = ({ state }: Turn, id: string): void => {
  state.rumours.set(id, gossipRounds(state.peers.size + 1))
  if (id === state.self.id) state.digest = undefined
}

export const gossipRounds = (members: number): number => Math.max(1, Math.ceil(3 * Math.log10(members + 1)))

/** The latest claim about a member, this node included. */
export const claimAbout = ({ state: { self, peers } }: Turn, id: string): Claim | undefined =>
  id === self.id ? self : peers.get(id)?.member

/** This node's whole roster, itself first. */
export const roster = ({ state: { self, peers } }: Turn): Claim[] => [
  self,
  ...[...peers.values()].map((peer) => peer.member),
]

/** Equal for equal rosters, so that two members need not tell each other what both know. */
export const rosterDigest = (turn: Turn): string => (turn.state.digest ??= digestOf(roster(turn)))

export const digestOf = (claims: readonly Claim[]): string => {
  const lines = claims.flatMap(({ id, incarnation, state }) =>
    state === 'left' ? [] : [`${id} ${incarnation} ${state}`],
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('base64url').slice(0, 22)
}
