import type { Turn } from '../state/state.ts'

/**
 * A statement about this node, proven by its own key, above all that it ever said of itself: an earlier run once, before this one went
 * beyond it. Again and again it is another process with the same key: a data folder that was copied.
 */
export const noteOwnWordByAnother = (turn: Turn): void => {
  const { state, now } = turn
  state.ownWords = [...state.ownWords.filter((at) => at > now - period), now]
  if (state.ownWords.length < enough) return
  state.ownWords = []
  tellClone(turn)
}

/** One line an hour, however it was found out. */
export const tellClone = (turn: Turn): void => {
  const { state, now } = turn
  if (now < state.cloneToldAt + quiet) return
  state.cloneToldAt = now
  turn.effects.push({ type: 'notify', notice: { type: 'cloned' } })
}

/** Milliseconds. */
const period = 60_000
const quiet = 3_600_000
const enough = 3
