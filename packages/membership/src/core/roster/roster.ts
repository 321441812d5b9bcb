import { createHash } from 'node:crypto'
import { limits } from '../../limits.ts'
import { announce } from './announcing.ts'
import { merge, type Statement } from '../state/statement.ts'
import { noteOwnWordByAnother } from './clones.ts'
import { believable } from './evidence.ts'
import { dropHearsay, withoutHearsay } from './hearsay.ts'
import { worsen } from '../state/health.ts'
import { isPresent, type Member } from '../state/member.ts'
import { withProof, type Peer, type Turn } from '../state/state.ts'

/** Takes in what was said of members: SWIM's merge, then an event and a rumour for each piece of news. */
export const learnAll = (turn: Turn, statements: readonly Statement[], from: string): void => {
  for (const statement of believable(turn, statements, from)) {
    if (statement.id === turn.state.self.id) hearOfSelf(turn, statement)
    else learn(turn, withoutHearsay(turn, statement, from), from)
  }
}

/** Takes in a statement about another member as it is: this node's own, or one that it believes. */
export const learn = (turn: Turn, statement: Statement, from?: string): void => {
  const { state, now } = turn
  const peer = state.peers.get(statement.id)
  if (peer === undefined) {
    if (isWelcome(turn, statement, from)) admit(turn, statement, from)
    else if (statement.state === 'left') hearOfGoodbye(turn, statement)
    return
  }
  const before = peer.member
  const merged = merge(before, statement)
  if (merged === before) return
  peer.member = merged
  const held = state.hearsay.get(statement.id)
  if (held !== undefined && held.statement.incarnation < merged.incarnation) dropHearsay(turn, statement.id)
  changed(turn, merged.state === before.state ? 'statement' : 'state')
  // More accusers shorten a suspicion, they do not start it anew.
  if (before.state === 'alive' && merged.state !== 'alive') peer.doubtedAt = now
  if (merged.state !== before.state || merged.incarnation !== before.incarnation) peer.since = now
  spread(turn, statement.id)
  announce(turn, merged, before)
}

/** Nobody needs to meet who has left, or who was forgotten and has not come back. */
const isWelcome = ({ state }: Turn, statement: Statement, from: string | undefined): boolean =>
  statement.state !== 'left' &&
  (statement.id === from || statement.incarnation > (state.forgotten.get(statement.id) ?? -1))

const admit = (turn: Turn, statement: Statement, from: string | undefined): void => {
  const { state, now } = turn
  if (!makeRoom(turn)) return
  const isProven = statement.proof !== undefined || statement.id === from
  meet(turn, statement)
  state.peers.set(statement.id, {
    member: statement,
    since: now,
    metAt: now,
    isProven,
    doubts: 0,
    doubtAfter: now,
  })
  changed(turn, 'state')
  spread(turn, statement.id)
  announce(turn, statement, undefined)
}

/** Whoever is met need not be remembered, nor whom it replaces. */
const meet = ({ state: { remembered } }: Turn, { id, name }: Statement): void => {
  remembered.delete(id)
  for (const [other, member] of remembered) if (member.name === name) remembered.delete(other)
}

/** It was said while this node did not run: who left is missed no longer. */
const hearOfGoodbye = ({ state: { remembered } }: Turn, { id, incarnation }: Statement): void => {
  const member = remembered.get(id)
  if (member !== undefined && member.incarnation <= incarnation) remembered.delete(id)
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
const changed = ({ state }: Turn, what: 'statement' | 'state'): void => {
  state.digest = undefined
  if (what === 'statement') return
  state.overlay = undefined
  state.reachability = 'due'
}

/** Others may still speak of it for a while; only a higher incarnation brings it back. */
const forget = (turn: Turn, { id, incarnation }: Statement): void => {
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

const hearOfSelf = (turn: Turn, statement: Statement): void => {
  if (statement.proof !== undefined && statement.incarnation > turn.state.self.incarnation)
    noteOwnWordByAnother(turn)
  refute(turn, statement)
}

/** Says so when this node is wrongly accused, with a higher incarnation than the accusation's (SWIM, 4.2). */
const refute = (turn: Turn, statement: Statement): void => {
  const { state } = turn
  if (state.self.state === 'left') return
  const accused = statement.state !== 'alive' && statement.incarnation >= state.self.incarnation
  const outdated = statement.incarnation > state.self.incarnation
  if (!accused && !outdated) return
  setSelf(turn, { incarnation: statement.incarnation + 1 })
  // Whoever is accused though alive may be the one that is ill (Lifeguard, IV-A).
  if (statement.state === 'suspect') worsen(turn, 1)
}

/** What this node says of itself from now on. */
export const setSelf = (turn: Turn, changes: Partial<Member>): void => {
  const { state } = turn
  const { proof: _item, ...self } = state.self
  state.self = withProof({ ...self, ...changes }, state.proofs)
  spread(turn, self.id)
}

/** Gossips the latest statement about a member in O(log n) rounds (SWIM, 4.1). */
export const spread = ({ state }: Turn, id: string): void => {
  state.rumours.set(id, gossipRounds(state.peers.size + 1))
  if (id === state.self.id) state.digest = undefined
}

export const gossipRounds = (members: number): number => Math.max(1, Math.ceil(3 * Math.log10(members + 1)))

/** The latest statement about a member, this node included. */
export const statementAbout = ({ state: { self, peers } }: Turn, id: string): Statement | undefined =>
  id === self.id ? self : peers.get(id)?.member

/** This node's whole roster, itself first. */
export const roster = ({ state: { self, peers } }: Turn): Statement[] => [
  self,
  ...[...peers.values()].map((peer) => peer.member),
]

/** Equal for equal rosters, so that two members need not tell each other what both know. */
export const rosterDigest = (turn: Turn): string => (turn.state.digest ??= digestOf(roster(turn)))

export const digestOf = (statements: readonly Statement[]): string => {
  const lines = statements.flatMap(({ id, incarnation, state }) =>
    state === 'left' ? [] : [`${id} ${incarnation} ${state}`],
  )
  return createHash('sha256').update(lines.sort().join('\n')).digest('base64url').slice(0, 22)
}
