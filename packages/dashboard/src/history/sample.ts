import { contentGroupsOf } from '../model/contents.ts'
import { hasAnswered, isPresent, partitionsOf } from '../model/partitions.ts'
import { situationOf } from '../model/situation.ts'
import type { MemberPicture, Picture } from '../picture.ts'

/** Of one moment what the history is made of. */
export interface Sample {
  readonly at: number
  readonly members: readonly Pick<MemberPicture, 'id' | 'name' | 'state'>[]
  /** Who is lost: down, or, for somebody outside, without an answer. */
  readonly lost: ReadonlySet<string>
  /** Members that reach each other; more than one only in a split. */
  readonly sides: readonly Side[]
  /** Whether all that run hold the same; `undefined` if that was not measured. */
  readonly isEqual: boolean | undefined
  readonly contested: readonly string[]
}

export interface Side {
  readonly members: readonly Pick<MemberPicture, 'id' | 'name'>[]
  /** The most that one of them counts. */
  readonly users: number | undefined
}

export const sampleOf = (picture: Picture): Sample => {
  const { at, members, observer, contested } = picture
  const present = members.filter(isPresent)
  const situation = situationOf(picture)
  const isSplit = situation.kind === 'split' && situation.givenUp
  const isLost = (member: MemberPicture): boolean =>
    member.state === 'down' || (observer.kind === 'outside' && isPresent(member) && !hasAnswered(member))
  return {
    at,
    members,
    lost: new Set(members.filter(isLost).map(({ id }) => id)),
    sides: (isSplit ? partitionsOf(picture) : [present]).map(sideOf),
    isEqual: present.every(hasAnswered) ? contentGroupsOf(present).length <= 1 : undefined,
    contested: contested.map(({ name }) => name),
  }
}

const sideOf = (members: readonly MemberPicture[]): Side => {
  const counts = members.flatMap(({ report }) => (report.kind === 'answered' ? [report.users] : []))
  return { members, users: counts.length === 0 ? undefined : Math.max(...counts) }
}
