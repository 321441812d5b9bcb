import { partitionsOf } from './partitions.ts'
import type { MemberPicture, Picture } from '../picture.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Ring {
  readonly width: number
  readonly height: number
  /** Of a member's circle. */
  readonly radius: number
  readonly places: ReadonlyMap<string, Point>
}

const size = { width: 360, height: 350 }
const centre: Point = { x: 180, y: 160 }
const reach = 100
/** How far the partitions of a split drift apart. */
const drift = 30

/** Members on a ring in an order that stays; in a split each partition drifts away from the middle as one. */
export const ringOf = (picture: Picture): Ring => {
  const members = picture.members.toSorted(byName)
  const onRing = new Map(members.map(({ id }, index) => [id, pointAt(index, members.length)]))
  const places = new Map(onRing)
  const partitions = partitionsOf(picture)
  for (const partition of partitions.length > 1 ? partitions : []) {
    const away = driftOf(partition.flatMap(({ id }) => onRing.get(id) ?? []))
    for (const { id } of partition) {
      const from = onRing.get(id)
      if (from !== undefined) places.set(id, rounded({ x: from.x + away.x, y: from.y + away.y }))
    }
  }
  const radius = Math.max(7, Math.min(22, Math.round((0.6 * Math.PI * reach) / members.length)))
  return { ...size, radius, places }
}

const numeric = new Intl.Collator('en', { numeric: true })

/** node-2 before node-10; the id keeps the order still when names are equal. */
export const byName = (one: MemberPicture, other: MemberPicture): number =>
  numeric.compare(one.name, other.name) || numeric.compare(one.id, other.id)

const pointAt = (index: number, count: number): Point => {
  if (count === 1) return centre
  const angle = (2 * Math.PI * index) / count - Math.PI / 2
  return rounded({ x: centre.x + reach * Math.cos(angle), y: centre.y + reach * Math.sin(angle) })
}

const driftOf = (points: readonly Point[]): Point => {
  const x = points.reduce((sum, point) => sum + point.x - centre.x, 0)
  const y = points.reduce((sum, point) => sum + point.y - centre.y, 0)
  const length = Math.hypot(x, y)
  // An partition spread evenly over the ring has no side to drift to.
  return length < 1 ? { x: 0, y: 0 } : { x: (drift * x) / length, y: (drift * y) / length }
}

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 })
