import {
  hasAnswered,
  partitionsOf,
  unlinkedPairsOf,
  type Pair,
  type Partition,
} from '../../model/partitions.ts'
import type { Picture } from '../../picture.ts'
import type { Placed, Point } from './layout.ts'

export interface Line {
  readonly key: string
  /** `apart`: no direct link, though both reach each other through others. `cut`: two islands that reach each other not at all. */
  readonly kind: 'linked' | 'apart' | 'cut'
  readonly from: Point
  readonly to: Point
}

/** Up to so many members each link is drawn; beyond, that links are there tells nothing, only that one is missing. */
const mostLinked = 6
const mostMissing = 40

/** Only the lines that tell something. */
export const linesOf = (picture: Picture, placed: readonly Placed[]): readonly Line[] => {
  const byId = new Map(
    placed.flatMap((each) => (each.shape.kind === 'member' ? [[each.shape.member.id, each] as const] : [])),
  )
  const between = ({ one, other }: Pair, kind: Line['kind']): Line[] => {
    const [a, b] = [byId.get(one.id), byId.get(other.id)]
    return a === undefined || b === undefined ? [] : [lineBetween(a, b, `${one.id} ${other.id}`, kind)]
  }
  const partitions = partitionsOf(picture)
  const pairs = partitions.map((members) => ({ members, missing: unlinkedPairsOf(members, picture.links) }))
  const missing = pairs.flatMap(({ missing: each }) => each).slice(0, mostMissing)
  const linked =
    picture.members.length > mostLinked
      ? []
      : pairs.flatMap(({ members, missing: not }) => linkedPairs(members, not))
  return [
    ...linked.flatMap((pair) => between(pair, 'linked')),
    ...missing.flatMap((pair) => between(pair, 'apart')),
    ...cutsOf(placed, partitions.map(isKnown)),
  ]
}

const linkedPairs = (members: readonly Pair['one'][], missing: readonly Pair[]): readonly Pair[] => {
  const isMissing = new Set(missing.map(({ one, other }) => `${one.id} ${other.id}`))
  return members.flatMap((one, index) =>
    members
      .slice(index + 1)
      .filter((other) => !isMissing.has(`${one.id} ${other.id}`))
      .map((other) => ({ one, other })),
  )
}

/** Nobody knows whom one reaches that does not answer: between it and others no cut is drawn. */
const isKnown = (partition: Partition): boolean => partition.some(hasAnswered)

/** One line with a cross between each two islands that run, where they are closest. */
const cutsOf = (placed: readonly Placed[], known: readonly boolean[]): readonly Line[] => {
  const indexes = known.flatMap((is, index) => (is ? [index] : []))
  return indexes.flatMap((one) =>
    indexes.slice(one + 1).flatMap((other): Line[] => {
      const closest = closestOf(
        placed.filter(({ island }) => island === one),
        placed.filter(({ island }) => island === other),
      )
      return closest === undefined ? [] : [lineBetween(...closest, `cut ${one} ${other}`, 'cut')]
    }),
  )
}

const closestOf = (
  ones: readonly Placed[],
  others: readonly Placed[],
): readonly [Placed, Placed] | undefined =>
  ones
    .flatMap((a) => others.map((b) => [a, b] as const))
    .reduce<readonly [Placed, Placed] | undefined>(
      (best, pair) => (best === undefined || gap(pair) < gap(best) ? pair : best),
      undefined,
    )

const gap = ([a, b]: readonly [Placed, Placed]): number =>
  Math.hypot(b.at.x - a.at.x, b.at.y - a.at.y) - a.radius - b.radius

const lineBetween = (a: Placed, b: Placed, key: string, kind: Line['kind']): Line => ({
  key,
  kind,
  from: towards(a.at, b.at, a.radius + 8),
  to: towards(b.at, a.at, b.radius + 8),
})

const towards = (from: Point, to: Point, distance: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const share = Math.min(0.4, distance / length)
  return {
    x: Math.round(10 * (from.x + share * (to.x - from.x))) / 10,
    y: Math.round(10 * (from.y + share * (to.y - from.y))) / 10,
  }
}
