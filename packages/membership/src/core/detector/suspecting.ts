import { isPresent } from '../state/member.ts'
import { overlayOf } from '../roster/overlay.ts'
import { ping, probe } from './probing.ts'
import { learn } from '../roster/roster.ts'
import { suspicionTimeout } from './suspicion.ts'
import type { Claim } from '../state/claim.ts'
import type { Turn } from '../state/state.ts'

/** Suspects that did not refute in time are down. */
export const expireSuspicions = (turn: Turn): void => {
  const { state, now } = turn
  for (const { member, since } of state.peers.values()) {
    if (member.state !== 'suspect') continue
    // Where answers come late to this node, a refutation may, too.
    const timeout = suspicionTimeout(state.peers.size + 1, member.accusers?.length ?? 1, state.timings)
    const patience = state.health > 0 ? 2 * timeout : timeout
    if (now >= since + patience) learn(turn, { ...member, state: 'down' })
  }
}

/**
 * Who hears that a member is suspected asks it at once: the ping tells it so, and its answer, or its silence,
 * decides sooner.
 */
export const lookInto = (turn: Turn, claims: readonly Claim[]): void => {
  const { state } = turn
  for (const { id } of claims) {
    const member = state.peers.get(id)?.member
    if (member === undefined || member.state === 'alive' || !state.links.has(id)) continue
    if (isPresent(member) && overlayOf(turn).watched.has(id)) probe(turn, id)
    // One that is held to be down, and is linked, can say that it is not.
    if (member.state === 'down') ping(turn, id, (state.seq += 1))
  }
}
