import { limits } from '../config.ts'
import { supersedes, type Claim, type Member } from './member.ts'
import { emit, isPresent, type Turn } from './state.ts'

/** Takes in what was said of members: SWIM's merge, then an event and a rumour for each piece of news. */
export const learnAll = (turn: Turn, claims: readonly Claim[]): void => {
  for (const claim of claims) learn(turn, claim)
}

export const learn = (turn: Turn, claim: Claim): void => {
  const { state, now } = turn
  if (claim.id === state.self.id) {
    refute(turn, claim)
    return
  }
  const known = state.peers.get(claim.id)
  if (known === undefined && state.peers.size >= limits.members) return
  if (known !== undefined && !supersedes(claim, known.member)) return
  state.peers.set(claim.id, { member: claim, since: now })
  spread(turn, claim.id)
  announce(turn, claim, known?.member)
}

/** Says so when this node is wrongly accused, with a higher incarnation than the accusation's (SWIM, 4.2). */
const refute = (turn: Turn, claim: Claim): void => {
  const { state } = turn
  if (state.self.state === 'left') return
  const accused = claim.state !== 'alive' && claim.incarnation >= state.self.incarnation
  const outdated = claim.incarnation > state.self.incarnation
  if (!accused && !outdated) return
  state.self = { ...state.self, incarnation: claim.incarnation + 1 }
  spread(turn, state.self.id)
}

/** Gossips the latest claim about a member in O(log n) rounds (SWIM, 4.1). */
export const spread = (turn: Turn, id: string): void => {
  const { rumours, peers, self } = turn.state
  // A member that leaves has one chance to be heard: the order of delivery puts it first.
  rumours.delete(id)
  rumours.set(id, Math.ceil(3 * Math.log10(peers.size + (id === self.id ? 2 : 1) + 1)))
}

const announce = (turn: Turn, now: Member, before: Member | undefined): void => {
  if (before === undefined) {
    // Whom this node meets as down or gone was never up for it.
    if (now.state === 'alive') emit(turn, 'member:up', now)
    if (now.state === 'suspect') emitBoth(turn, 'member:up', 'member:suspect', now)
    return
  }
  if (before.state === now.state) {
    // A higher incarnation of an absent member changes nothing that anybody sees.
    if (isPresent(now) && !sameDescription(before, now)) emit(turn, 'member:updated', now)
    return
  }
  announceState(turn, now, before)
}

const announceState = (turn: Turn, now: Member, before: Member): void => {
  switch (now.state) {
    case 'alive':
      emit(turn, 'member:up', now)
      return
    case 'suspect':
      if (before.state === 'alive') emit(turn, 'member:suspect', now)
      else emitBoth(turn, 'member:up', 'member:suspect', now)
      return
    case 'down':
      if (isPresent(before)) emit(turn, 'member:down', now)
      return
    case 'left':
      emit(turn, 'member:left', now)
  }
}

const emitBoth = (turn: Turn, first: 'member:up', second: 'member:suspect', member: Member): void => {
  emit(turn, first, { ...member, state: 'alive' })
  emit(turn, second, member)
}

const sameDescription = (a: Member, b: Member): boolean =>
  a.name === b.name &&
  JSON.stringify(a.addresses) === JSON.stringify(b.addresses) &&
  JSON.stringify(a.metadata) === JSON.stringify(b.metadata)

/** The latest claim about a member, this node included. */
export const claimAbout = (turn: Turn, id: string): Claim | undefined =>
  id === turn.state.self.id ? turn.state.self : turn.state.peers.get(id)?.member

/** This node's whole roster, itself first. */
export const roster = (turn: Turn): Claim[] => [
  turn.state.self,
  ...[...turn.state.peers.values()].map((peer) => peer.member),
]
