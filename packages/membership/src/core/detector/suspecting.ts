import { isPresent } from '../state/member.ts'
import { overlayOf } from '../roster/overlay.ts'
import { ping, probe } from './probing.ts'
import { learn } from '../roster/roster.ts'
import { suspicionTimeout } from './suspicion.ts'
import { hearsFrom, type Turn } from '../state/state.ts'
import type { Statement } from '../state/statement.ts'

/** Suspects that did not refute in time are down. */
export const expireSuspicions = (turn: Turn): void => {
  const { state, now } = turn
  const suspects = suspectsOf(turn)
  if (suspects === 0) return
  const members = state.peers.size + 1
  const witnesses = witnessesOf(turn)
  for (const { member, since } of state.peers.values()) {
    if (member.state !== 'suspect') continue
    const accusers = member.accusers?.length ?? 1
    const timeout = suspicionTimeout({ members, accusers, witnesses, suspects }, state.timings)
    if (now >= since + timeout) learn(turn, { ...member, state: 'down' })
  }
}

const suspectsOf = ({ state }: Turn): number => {
  let count = 0
  for (const { member } of state.peers.values()) if (member.state === 'suspect') count += 1
  return count
}

const witnessesOf = ({ state }: Turn): number => {
  let count = 0
  for (const { member } of state.peers.values())
    if (member.state === 'alive' && hearsFrom(state, member.id)) count += 1
  return count
}

/**
 * Who hears that a member is suspected asks it at once: the ping tells it so, and its answer, or its silence,
 * decides sooner.
 */
export const lookInto = (turn: Turn, statements: readonly Statement[]): void => {
  const { state } = turn
  for (const { id } of statements) {
    const member = state.peers.get(id)?.member
    if (member === undefined || !state.links.has(id)) continue
    const held = state.hearsay.get(id)
    if (held?.asked === false) {
      if (state.probes.has(id)) ping(turn, id, (state.seq += 1))
      else probe(turn, id)
    }
    if (member.state === 'alive') continue
    if (isPresent(member) && overlayOf(turn).watched.has(id)) probe(turn, id)
    // One that is held to be down, and is linked, can say that it is not.
    if (member.state === 'down') ping(turn, id, (state.seq += 1))
  }
}
