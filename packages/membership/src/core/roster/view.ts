import type { Member } from '../state/member.ts'

/** How much of the cluster this node sees, counted over all members that have not left. */
export type ClusterView = 'whole' | 'majority' | 'minority'

/** Exactly half is a minority: of two equal halves at most one may think it is the larger one, so neither does. */
export const viewOf = (members: Iterable<Member>): ClusterView => {
  let present = 0
  let total = 0
  for (const { state } of members) {
    if (state === 'left') continue
    total += 1
    if (state !== 'down') present += 1
  }
  if (present === total) return 'whole'
  return present * 2 > total ? 'majority' : 'minority'
}
