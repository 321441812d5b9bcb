import { memberOf } from '../core/state/statement.ts'
import type { Member } from '../core/state/member.ts'
import type { State } from '../core/state/state.ts'

/** Everybody whom the core knows of, itself first, and those remembered from the disk last. */
export const membersOf = ({ self, peers, remembered }: State): Member[] => [
  memberOf(self),
  ...[...peers.values()].map(({ member, skew }) =>
    skew === undefined ? memberOf(member) : { ...memberOf(member), skew },
  ),
  ...remembered.values(),
]
