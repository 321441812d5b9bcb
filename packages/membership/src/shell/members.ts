import { skewOf } from '../core/detector/skew.ts'
import { memberOf } from '../core/state/statement.ts'
import type { Member } from '../core/state/member.ts'
import type { State } from '../core/state/state.ts'

/**
 * Everybody whom the core knows of, itself first, and those remembered from the disk last.
 *
 * @param now - monotonic, in milliseconds
 */
export const membersOf = (state: State, now: number): Member[] => [
  memberOf(state.self),
  ...[...state.peers.values()].map((peer) => {
    const skew = skewOf(state, peer, now)
    return skew === undefined ? memberOf(peer.member) : { ...memberOf(peer.member), skew }
  }),
  ...state.remembered.values(),
]
