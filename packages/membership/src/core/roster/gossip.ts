import { statementAbout, roster, rosterDigest } from './roster.ts'
import { sample, send, soundLinks, type Turn } from '../state/state.ts'
import type { Statement } from '../state/statement.ts'

/** Keeps every message well below the bound, however much the members say of themselves. */
const statementsPerMessage = 64

/** Tells a few random members the news, until each piece has been told often enough. */
export const gossip = (turn: Turn): void => {
  const { state, now } = turn
  if (state.rumours.size === 0 || state.links.size === 0 || now < state.nextGossip) return
  state.nextGossip = now + state.timings.gossipInterval
  const statements = freshest(turn)
  for (const peer of sample(soundLinks(state), state.timings.gossipFanout, state.random)) {
    send(turn, peer, { type: 'gossip', statements })
  }
}

/** The statements that were told least; each telling uses up one of its rounds. */
const freshest = (turn: Turn): Statement[] => {
  const { rumours } = turn.state
  const byRoundsLeft = [...rumours].sort(([, a], [, b]) => b - a).slice(0, statementsPerMessage)
  for (const [id, left] of byRoundsLeft) {
    if (left > 1) rumours.set(id, left - 1)
    else rumours.delete(id)
  }
  return byRoundsLeft.flatMap(([id]) => statementAbout(turn, id) ?? [])
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
  const about = statementAbout(turn, peer)
  const statements =
    about === undefined || about.state === 'alive' ? [turn.state.self] : [turn.state.self, about]
  send(turn, peer, { type: 'hello', digest: rosterDigest(turn), statements })
}

/** Tells the whole roster to a member whose own is different: this is also how islands merge. */
export const answerGreeting = (turn: Turn, from: string, digest: string): void => {
  if (rosterDigest(turn) === digest) return
  const statements = roster(turn)
  for (let start = 0; start < statements.length; start += statementsPerMessage) {
    send(turn, from, { type: 'gossip', statements: statements.slice(start, start + statementsPerMessage) })
  }
}
