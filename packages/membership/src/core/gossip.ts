import { claimAbout, roster } from './roster.ts'
import { sample, send, type Turn } from './state.ts'
import type { Claim } from './member.ts'

const claimsPerMessage = 32

/** Tells a few random members the news, until each piece has been told often enough. */
export const gossip = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.nextGossip || state.rumours.size === 0) return
  state.nextGossip = now + state.timings.gossipInterval
  if (state.links.size === 0) return
  const claims = freshest(turn)
  for (const peer of sample(state.links, state.timings.gossipFanout, state.random)) {
    send(turn, peer, { type: 'gossip', claims })
  }
}

/** Exchanges whole rosters with a random member: repairs what gossip missed, merges islands. */
export const sync = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.nextSync) return
  state.nextSync = now + state.timings.syncInterval
  for (const peer of sample(state.links, 1, state.random)) greet(turn, peer)
}

export const greet = (turn: Turn, peer: string): void => {
  send(turn, peer, { type: 'hello', claims: roster(turn) })
}

/** The claims that were told least; each telling uses up one of its rounds. */
const freshest = (turn: Turn): Claim[] => {
  const { rumours } = turn.state
  const byRoundsLeft = [...rumours].sort(([, a], [, b]) => b - a).slice(0, claimsPerMessage)
  for (const [id, left] of byRoundsLeft) {
    if (left > 1) rumours.set(id, left - 1)
    else rumours.delete(id)
  }
  return byRoundsLeft.flatMap(([id]) => claimAbout(turn, id) ?? [])
}
