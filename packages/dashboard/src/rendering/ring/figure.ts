import { byName } from '../../model/names.ts'
import { partitionsOf } from '../../model/partitions.ts'
import { contentGroupsOf } from '../../model/contents.ts'
import { troublesOf, type Troubles } from '../../model/troubles.ts'
import type { MemberPicture, Picture } from '../../picture.ts'

/** One thing that is drawn: a member, or many that there is nothing to say of but how many they are. */
export type Shape =
  | { readonly kind: 'member'; readonly key: string; readonly member: MemberPicture }
  | {
      readonly kind: 'group'
      readonly key: string
      readonly what: 'well' | 'troubled' | 'down' | 'left'
      readonly members: readonly MemberPicture[]
    }

/** Shapes that drift together; nothing reaches from one island to another. Members that are not present are an island of their own. */
export interface Island {
  readonly shapes: readonly Shape[]
  /** Whether there are members in it that run. */
  readonly runs: boolean
}

/** Up to so many members each is drawn by itself. */
export const mostSingle = 12
/** Of a kind: so few are drawn one by one also in a large cluster. */
const fewest = 3
/** Of members that are troubled and run, over all islands. */
const mostTroubled = 6

export const figureOf = (picture: Picture): readonly Island[] => {
  const troubles = troublesOf(picture)
  const isSmall = picture.members.length <= mostSingle
  const partitions = partitionsOf(picture)
  const share = Math.max(1, Math.floor(mostTroubled / Math.max(1, partitions.length)))
  const islands = partitions.map((partition): Island => {
    const members = partition.toSorted(byName)
    return { runs: true, shapes: isSmall ? members.map(single) : shapesOf(members, troubles, share) }
  })
  const gone = picture.members.filter(({ state }) => state === 'down' || state === 'left').toSorted(byName)
  const shapes = isSmall
    ? gone.map(single)
    : (['down', 'left'] as const).flatMap((state) =>
        grouped(
          gone.filter((member) => member.state === state),
          state,
          fewest,
        ),
      )
  return shapes.length === 0 ? islands : [...islands, { runs: false, shapes }]
}

const shapesOf = (members: readonly MemberPicture[], troubles: Troubles, share: number): readonly Shape[] => {
  const well = members.filter(({ id }) => !troubles.has(id))
  const [most] = contentGroupsOf(well)
  const same = well.filter((member) => most?.holders.includes(member) !== false)
  const other = members.filter((member) => !same.includes(member))
  return [...grouped(same, 'well', fewest), ...grouped(other, 'troubled', share)]
}

const grouped = (
  members: readonly MemberPicture[],
  what: Extract<Shape, { kind: 'group' }>['what'],
  few: number,
): readonly Shape[] => {
  const [first] = members
  if (first === undefined || members.length <= few) return members.map(single)
  return [{ kind: 'group', key: `${what} ${first.id}`, what, members }]
}

const single = (member: MemberPicture): Shape => ({ kind: 'member', key: member.id, member })
