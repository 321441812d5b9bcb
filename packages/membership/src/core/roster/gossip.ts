import { claimAbout, roster, rosterDigest } from './roster.ts'
import { sample, send, soundLinks, type Turn } from '../state/state.ts'
import type { Claim } from '../state/statement.ts'

/** Keeps every message well below the bound, however much the members say of themselves. */
const claimsPerMessage = 64

/** Tells a few random members the news, until each piece has been told often enough. */
export const gossip = (turn: Turn): void => {
  const { state, now } = turn
  if (state.rumours.size === 0 || state.links.size === 0 || now < state.nextGossip) return
  state.nextGossip = now + state.timings.gossipInterval
  const claims = freshest(turn)
  for (const peer of sample(soundLinks(state), state.timings.gossipFanout, state.random)) {
    send(turn, peer, { type: 'gossip', claims })
  }
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

/** Compares rosters with a random member now and then: repairs what gossip missed. */
export const sync = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.nextSync) return
  state.nextSync = now + state.timings.syncInterval
  for (const peer of sample(state.links, 1, state.random)) greet(turn, peer)
}

/** Who I am, what I hold of you, and whether we know the same. */
export const greet = (turn: Turn, peer: string): void => {
  const about = claimAbout(turn, peer)
  const claims = about === undefined || about.state === 'alive' ? [turn.state.self] : [turn.state.self, about]
  send(turn, peer, { type: 'hello', digest: rosterDigest(turn), claims })
}

/** Tells the whole roster to a member whose own is different: this is also how islands merge. */
export const answerGreeting = (turn: Turn, from: string, digest: string): void => {
  if (rosterDigest(turn) === digest) return
  const claims = roster(turn)
  for (let start = 0; start < claims.length; start += claimsPerMessage) {
    send(turn, from, { type: 'gossip', claims: claims.slice(start, start + claimsPerMessage) })
  }
}
