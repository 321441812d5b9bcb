import { learn } from './roster.ts'
import type { Peer, Turn } from '../state/state.ts'

/** An operator's word that a member that is down will not come back: it is told on as gone. @returns whether it was down */
export const forgetMember = (turn: Turn, id: string): boolean => {
  const { state } = turn
  if (state.remembered.delete(id)) return true
  const peer = state.peers.get(id)
  if (peer?.member.state !== 'down') return false
  learn(turn, { ...peer.member, state: 'left' })
  return true
}

/**
 * A container that was replaced: of the same name, with a new identity, first heard of when the old one fell silent or later. Names
 * need not be unique, so that a namesake that was there before is none.
 */
export const retireReplaced = (turn: Turn): void => {
  const { state, now } = turn
  for (const [id, peer] of state.peers) {
    const isDue = peer.member.state === 'down' && now >= peer.since + settled
    if (isDue && [...state.peers.values()].some((other) => replaces(turn, other, peer)))
      forgetMember(turn, id)
  }
}

const replaces = ({ now }: Turn, other: Peer, gone: Peer): boolean =>
  other.member.state === 'alive' &&
  other.member.name === gone.member.name &&
  now >= other.metAt + settled &&
  gone.doubtedAt !== undefined &&
  other.metAt > gone.doubtedAt - overlap

/** Milliseconds: a new one is not believed at once, and may be met shortly before the old one is missed. */
const settled = 5_000
const overlap = 5_000
