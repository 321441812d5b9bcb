import type { Island, Shape } from './figure.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A shape at its place. `label` is where its words stand, outside of the ring. */
export interface Placed {
  readonly shape: Shape
  readonly island: number
  readonly at: Point
  readonly radius: number
  readonly label: Label
}

export interface Label extends Point {
  readonly anchor: 'start' | 'middle' | 'end'
  /** Where it is of its shape: `y` is the middle of it, or its end towards the shape. */
  readonly side: 'above' | 'below' | 'beside' | 'inside'
}

export interface Layout {
  /** What the shapes and their words take. */
  readonly top: number
  readonly width: number
  readonly height: number
  readonly placed: readonly Placed[]
}

const width = 420
/** Above and below a shape, for two lines of words. */
const wordsHeight = 46
const centre: Point = { x: 210, y: 180 }
/** How far the islands of a split drift apart. */
const drift = 24

/** Shapes on a ring, each island in a row; one large island's group is in the middle of what is wrong with it. */
export const layoutOf = (islands: readonly Island[]): Layout => {
  const flat = islands.flatMap(({ shapes }, island) => shapes.map((shape) => ({ shape, island })))
  const groups = flat.filter(({ shape }) => shape.kind === 'group')
  const [middle] = groups
  const hasMiddle =
    middle !== undefined && (groups.length === 1 || islands.filter(({ runs }) => runs).length === 1)
  const around = hasMiddle ? flat.filter((each) => each !== middle) : flat
  const reach = groups.length > 0 ? (hasMiddle ? 118 : 100) : reachOf(around.length)
  const angles = around.map((_each, index) => angleOf(index, around.length, groups.length > 0))
  const onRing = angles.map((angle) => (around.length === 1 && !hasMiddle ? centre : pointAt(angle, reach)))
  const aways = islands.map((_island, index) =>
    hasMiddle || islands.length < 2
      ? { x: 0, y: 0 }
      : driftOf(onRing.filter((_at, i) => around[i]?.island === index)),
  )
  const placed = around.map(({ shape, island }, index): Placed => {
    const [from = centre, away = { x: 0, y: 0 }, angle = 0] = [onRing[index], aways[island], angles[index]]
    const at = rounded({ x: from.x + away.x, y: from.y + away.y })
    const radius = radiusOf(shape, around.length, reach)
    return { shape, island, at, radius, label: labelOf(shape, at, radius, angle, around.length) }
  })
  if (!hasMiddle) return framed(placed)
  const radius = radiusOf(middle.shape, 1, reach)
  const label: Label =
    around.length === 0
      ? labelOf(middle.shape, centre, radius, Math.PI / 2, 1)
      : { ...centre, anchor: 'middle', side: 'inside' }
  return framed([{ ...middle, at: centre, radius, label }, ...placed])
}

const framed = (placed: readonly Placed[]): Layout => {
  if (placed.length === 0) return { top: 0, width, height: 1, placed }
  const top = Math.floor(Math.min(...placed.map(({ at, radius }) => at.y - radius)) - wordsHeight)
  const bottom = Math.ceil(Math.max(...placed.map(({ at, radius }) => at.y + radius)) + wordsHeight)
  return { top, width, height: bottom - top, placed }
}

/** Two are side by side; three have one on top. */
const angleOf = (index: number, count: number, hasGroups: boolean): number =>
  (2 * Math.PI * index) / count - (count === 2 || (hasGroups && count % 2 === 0) ? Math.PI : Math.PI / 2)

const reachOf = (count: number): number => (count <= 4 ? 96 : 100)

const pointAt = (angle: number, reach: number): Point =>
  rounded({ x: centre.x + reach * Math.cos(angle), y: centre.y + reach * Math.sin(angle) })

const radiusOf = (shape: Shape, count: number, reach: number): number => {
  // No further than half way to the next on the ring.
  const room = count > 1 ? reach * Math.sin(Math.PI / count) - 6 : reach
  if (shape.kind === 'member') return Math.floor(Math.max(8, Math.min(23, room)))
  return Math.floor(Math.min(count > 1 ? 46 : 62, 24 + 4 * Math.sqrt(shape.members.length), room))
}

/** Below what is large or at the bottom, above what is on top, beside the others: never on the ring itself. */
const labelOf = (shape: Shape, { x, y }: Point, radius: number, angle: number, count: number): Label => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  if (shape.kind === 'group' || count === 1) return { x, y: y + radius + 7, anchor: 'middle', side: 'below' }
  const isBeside = count > 4 ? Math.abs(cos) > 0.2 : Math.abs(sin) < 0.3 && count > 2
  if (!isBeside && sin < -0.3) return { x, y: y - radius - 10, anchor: 'middle', side: 'above' }
  if (!isBeside) return { x, y: y + radius + 7, anchor: 'middle', side: 'below' }
  const beside = rounded({ x: x + Math.sign(cos) * (radius + 9), y: y + (radius / 2) * sin })
  return { ...beside, anchor: cos > 0 ? 'start' : 'end', side: 'beside' }
}

const driftOf = (points: readonly Point[]): Point => {
  const x = points.reduce((sum, point) => sum + point.x - centre.x, 0)
  const y = points.reduce((sum, point) => sum + point.y - centre.y, 0)
  const length = Math.hypot(x, y)
  // An island spread evenly over the ring has no side to drift to.
  return length < 1 ? { x: 0, y: 0 } : { x: (drift * x) / length, y: (drift * y) / length }
}

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 })
