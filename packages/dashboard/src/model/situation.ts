import { contentGroupsOf } from './contents.ts'
import { hasAnswered, isPresent, partitionsOf, unlinkedPairsOf, type Partition } from './partitions.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** What is known of the cluster, the worst first: nothing that was not measured is concluded. */
export type Situation =
  /** Not one answers whoever looks. */
  | { readonly kind: 'nobody'; readonly down: Members; readonly silent: Members; readonly left: Members }
  /**
   * Members of both sides answer, and say that there is no link between them. `givenUp`: some miss others already; else a cut has
   * just begun, or they have not found each other yet.
   */
  | { readonly kind: 'split'; readonly sides: readonly Partition[]; readonly givenUp: boolean }
  /** From inside a crash and a cut look the same. `seen` of `all` members that have not left. */
  | { readonly kind: 'unreachable'; readonly missing: Members; readonly seen: number; readonly all: number }
  /** From outside it is known that their processes have ended. */
  | { readonly kind: 'down'; readonly down: Members }
  /** They run, or may, and do not say how they are. */
  | { readonly kind: 'silent'; readonly silent: Members }
  | { readonly kind: 'differing'; readonly contents: number }
  | { readonly kind: 'alone' }
  | {
      readonly kind: 'together'
      readonly members: Members
      readonly unlinked: number
      readonly pairs: number
    }

type Members = readonly MemberPicture[]

export const situationOf = (picture: Picture): Situation => {
  const { members, observer, links } = picture
  const present = members.filter(isPresent)
  const answering = present.filter(hasAnswered)
  const silent = present.filter((member) => !hasAnswered(member))
  const down = members.filter(({ state }) => state === 'down')
  if (answering.length === 0) {
    return { kind: 'nobody', down, silent, left: members.filter(({ state }) => state === 'left') }
  }
  // Somebody who does not answer is on no side: it may well be the link between two that do.
  const sides = partitionsOf(picture)
    .map((partition) => partition.filter(hasAnswered))
    .filter((side) => side.length > 0)
  if (sides.length > 1) return { kind: 'split', sides, givenUp: answering.some(missesSome) }
  if (down.length > 0) {
    if (observer.kind === 'outside') return { kind: 'down', down }
    return { kind: 'unreachable', missing: down, seen: present.length, all: present.length + down.length }
  }
  if (silent.length > 0) return { kind: 'silent', silent }
  const contents = contentGroupsOf(present).length
  if (contents > 1) return { kind: 'differing', contents }
  if (present.length === 1) return { kind: 'alone' }
  return {
    kind: 'together',
    members: present,
    unlinked: unlinkedPairsOf(present, links).length,
    pairs: (present.length * (present.length - 1)) / 2,
  }
}

const missesSome = ({ report }: MemberPicture): boolean =>
  report.kind === 'answered' && report.view !== 'whole'
