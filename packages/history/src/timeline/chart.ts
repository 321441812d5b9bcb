import { escapeMarkup } from '@grapevine/std'
import { beginOf, seconds } from '../report/words.ts'

/** Where on a timeline things stand: time from left to right, a lane for each node. Lengths are pixels. */
export interface Chart {
  readonly origin: number
  readonly end: number
  readonly nodes: readonly string[]
  readonly bottom: number
  /** Of a time; at the right edge for what has no end. */
  x(this: void, time: number): number
  /** The middle of a node's lane. */
  y(this: void, node: string): number
}

export const chartWidth = 1_200
export const left = 110
export const right = 20
export const top = 78
export const laneHeight = 48

interface Timed {
  readonly from: number
  readonly to: number
}

export const chartOf = (times: readonly Timed[], nodes: readonly string[]): Chart => {
  const begin = beginOf(times)
  const origin = begin === Infinity ? 0 : begin
  const end = times.reduce(
    (latest, { from, to }) => Math.max(latest, to === Infinity ? from : to),
    origin + 1,
  )
  const lanes = new Map(nodes.map((node, lane) => [node, top + lane * laneHeight + laneHeight / 2]))
  return {
    origin,
    end,
    nodes,
    bottom: top + nodes.length * laneHeight,
    x: (time) => left + ((Math.min(time, end) - origin) / (end - origin)) * (chartWidth - left - right),
    y: (node) => lanes.get(node) ?? top,
  }
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600, 7_200]

/** Lines at whole seconds, a dozen at most. */
export const axis = ({ origin, end, bottom, x }: Chart): string[] => {
  const length = (end - origin) / 1_000
  const step = steps.find((step) => length / step <= 12) ?? length / 12
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => {
    const at = round(x(origin + index * step * 1_000))
    return (
      `<line x1="${at}" y1="${top - 8}" x2="${at}" y2="${bottom}" stroke="#000" opacity="0.08"/>` +
      `<text x="${at}" y="${bottom + 18}" text-anchor="middle" fill="#555">${Number((index * step).toFixed(1))} s</text>`
    )
  })
}

/** From when to when, and how long. */
export const spanWords = ({ from, to }: Timed, origin: number): string => {
  if (to === Infinity) return `${seconds(from, origin)}, not ended`
  const end = seconds(to, origin)
  return `${seconds(from, origin)} to ${end}, ${Math.round(to - from)} ms`
}

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly fill: string
  readonly opacity: number
  readonly title?: string
}

export const rect = ({ x, y, width, height, fill, opacity, title }: Rect): string => {
  const box = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}" opacity="${opacity}"`
  return title === undefined ? `${box}/>` : `${box}><title>${escapeMarkup(title)}</title></rect>`
}

export const round = (number: number): number => Math.round(number * 10) / 10
