import { redialAbsent, redialSoon, resetBackoff } from './dialling.ts'
import { greet } from '../roster/gossip.ts'
import { stretched } from '../state/health.ts'
import { isPresent } from '../state/member.ts'
import { overlayOf } from '../roster/overlay.ts'
import { askClock } from '../detector/skew.ts'
import { ping, probe } from '../detector/probing.ts'
import { takeHearsay } from '../roster/hearsay.ts'
import { isPenalised } from '../roster/penalties.ts'
import { statementAbout, learn } from '../roster/roster.ts'
import type { Turn } from '../state/state.ts'

export const linked = (turn: Turn, id: string): void => {
  const { state, now } = turn
  state.links.add(id)
  if (isPenalised(turn, id)) {
    if (state.penalties.get(id)?.for !== 'incompatible') return hangUp(turn, id)
    greet(turn, id)
    return hangUpAfterHello(turn, id)
  }
  state.reachability = 'due'
  state.probes.delete(id)
  state.silent.delete(id)
  const peer = state.peers.get(id)
  if (peer !== undefined) {
    peer.doubts = 0
    peer.doubtAfter = now
  }
  resetBackoff(turn, id)
  greet(turn, id)
  askClock(turn, id)
  // Where one comes back others may: a cut has healed.
  if (peer?.member.state === 'down') redialAbsent(turn)
}

/** A broken connection is no proof of a dead member: others are asked, and it is dialled again. */
export const unlinked = (turn: Turn, id: string): void => {
  const { state } = turn
  if (!state.links.delete(id)) return
  state.reachability = 'due'
  state.silent.delete(id)
  state.excess.delete(id)
  state.probes.delete(id)
  state.heardAt.delete(id)
  state.clocksAsked.delete(id)
  const held = takeHearsay(turn, id)
  // It said goodbye to others, and hung up here: its word to this node was lost with the link.
  if (held?.state === 'left') learn(turn, held)
  const member = statementAbout(turn, id)
  if (member === undefined || member.state === 'left' || state.self.state === 'left') return
  const { wanted, watched } = overlayOf(turn)
  if (isPresent(member) && watched.has(id)) probe(turn, id)
  if (wanted.has(id)) redialSoon(turn, id)
}

/** What comes over a link shows that it works. */
export const hear = ({ state, now }: Turn, from: string): void => {
  state.heardAt.set(from, now)
  state.silent.delete(from)
}

/**
 * A link that stays silent while the member may be alive is given up, so that a fresh one is dialled: a
 * connection that was cut off for a while may take as long again to go on (its retransmissions back off).
 */
export const endSilentLinks = (turn: Turn): void => {
  const { state, now } = turn
  for (const [peer, since] of state.silent) {
    if (now >= since + stretched(turn, state.timings.silentLink)) hangUp(turn, peer)
    else if (!state.probes.has(peer)) ping(turn, peer, (state.seq += 1))
  }
}

/** Links beyond the overlay are kept for a while: the rosters of the two may differ still. */
export const endExcessLinks = (turn: Turn): void => {
  const { state, now } = turn
  const { wanted } = overlayOf(turn)
  for (const id of state.links) {
    const since = state.excess.get(id)
    if (wanted.has(id) || !state.peers.has(id)) state.excess.delete(id)
    else if (since === undefined) state.excess.set(id, now)
    else if (now >= since + state.timings.excessLink) hangUp(turn, id)
  }
}

/** The link is gone for this node at once; the shell's word that it is closed comes later, if at all. */
export const hangUp = (turn: Turn, peer: string): void => {
  turn.effects.push({ type: 'hangUp', peer })
  unlinked(turn, peer)
}

/** So that the peer, too, knows with whom it has nothing in common, and says so. */
export const hangUpAfterHello = (turn: Turn, peer: string): void => {
  turn.effects.push({ type: 'hangUp', peer, flush: true })
  unlinked(turn, peer)
}
