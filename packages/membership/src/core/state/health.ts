import type { Turn } from './state.ts'

/**
 * Lifeguard's local health (section IV-A): 0 while all is well, up to 8 when this node has reason to doubt
 * itself. It then probes more slowly and waits longer before it accuses anybody.
 */
export const sickest = 8

export const worsen = ({ state }: Turn, by: number): void => {
  state.health = Math.min(sickest, state.health + by)
}

export const recover = ({ state }: Turn): void => {
  state.health = Math.max(0, state.health - 1)
}

/** A time-out or interval as this node's health stretches it. */
export const stretched = ({ state }: Turn, milliseconds: number): number => milliseconds * (state.health + 1)

/**
 * A node that was stopped, or whose event loop stalled, knows nothing of the time in between: its deadlines
 * move on by it, so that it accuses nobody of its own silence, and it distrusts itself for a while.
 */
export const excuseOwnStall = (turn: Turn): void => {
  const { state, now } = turn
  const stalled = now - state.lastTick - state.timings.tick
  state.lastTick = now
  if (stalled < state.timings.tick) return
  for (const probe of state.probes.values()) probe.deadline += stalled
  for (const peer of state.peers.values()) if (peer.member.state === 'suspect') peer.since += stalled
  for (const relay of state.relays.values()) relay.expires += stalled
  // The answers may be waiting to be read: silence begins anew.
  for (const peer of state.silent.keys()) state.silent.set(peer, now)
  if (stalled < state.timings.probeTimeout) return
  state.probes.clear()
  worsen(turn, Math.ceil(stalled / state.timings.probeTimeout))
}
