import type { Notice } from '../state/effect.ts'
import type { Penalty, Turn } from '../state/state.ts'

/** For what no honest member sends. */
export const penalise = (turn: Turn, peer: string): void => refuse(turn, peer, { type: 'liar', peer })

/** No link for a while. */
export const refuse = (
  turn: Turn,
  peer: string,
  notice: Notice & { readonly type: Penalty['for'] },
): void => {
  const { state, now } = turn
  const times = (state.penalties.get(peer)?.times ?? 0) + 1
  state.penalties.set(peer, {
    times,
    until: now + Math.min(longest, shortest * 2 ** (times - 1)),
    for: notice.type,
  })
  turn.effects.push({ type: 'notify', notice })
}

/** Milliseconds. */
const shortest = 5_000
const longest = 300_000

export const isPenalised = ({ state, now }: Turn, peer: string): boolean =>
  now < (state.penalties.get(peer)?.until ?? -Infinity)
