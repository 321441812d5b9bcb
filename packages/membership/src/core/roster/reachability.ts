import { emit } from './announcing.ts'
import type { Turn } from '../state/state.ts'

/** Tells of members that became alive and linked, or ceased to be one of the two. */
export const announceReachability = (turn: Turn): void => {
  const { links, peers, reachable } = turn.state
  if (turn.state.reachability === 'announced') return
  turn.state.reachability = 'announced'
  for (const id of reachable) {
    const peer = peers.get(id)
    if (links.has(id) && peer?.member.state === 'alive') continue
    reachable.delete(id)
    if (peer !== undefined) emit(turn, 'member:unlinked', peer.member)
  }
  for (const id of links) {
    const peer = peers.get(id)
    if (reachable.has(id) || peer?.member.state !== 'alive') continue
    reachable.add(id)
    emit(turn, 'member:linked', peer.member)
  }
}
