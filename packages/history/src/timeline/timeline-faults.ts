import { escapeMarkup } from '@grapevine/std'
import { rect, round, spanWords, top, type Chart } from './chart.ts'
import type { FaultSpan } from '../nemesis/fault-spans.ts'
import { oneLine } from '../report/words.ts'

const fill = '#3b6ea5'
const listed = 200
const lineHeight = 16
const digit = 8
/** What fits into the width. */
const characters = 190

/** Bands behind the lanes, each with its number: pale from when it was begun until it was undone, darker while in force. */
export const faultBands = (spans: readonly FaultSpan[], chart: Chart): string[] => {
  const { x, bottom } = chart
  const y = top - 8
  return spans.flatMap((span, index) => {
    const title = `${index + 1}: ${faultWords(span, chart)}`
    const band = (from: number, until: number): string =>
      rect({
        x: x(from),
        y,
        width: Math.max(1, x(until) - x(from)),
        height: bottom - y,
        fill: fill,
        opacity: 0.09,
        title,
      })
    return [band(span.from, span.until), band(span.inForce, span.healing)]
  })
}

/** The numbers above the bands; on two lines, and where there is room: each band has its number in its title too. */
export const faultNumbers = (spans: readonly FaultSpan[], { x }: Chart): string[] => {
  const free = [0, 0]
  return spans.flatMap(({ from }, index) => {
    const at = x(from)
    const line = free.findIndex((end) => end <= at)
    if (line === -1) return []
    free[line] = at + digit * (String(index + 1).length + 0.5)
    return [
      `<text x="${round(at)}" y="${top - 12 - line * 14}" font-size="11" fill="#274b73">${index + 1}</text>`,
    ]
  })
}

/** What the numbers stand for, below the lanes. */
export const faultList = (spans: readonly FaultSpan[], chart: Chart): string[] => {
  const lines = spans
    .slice(0, listed)
    .map((span, index) => `${index + 1}  ${oneLine(faultWords(span, chart), characters)}`)
  if (spans.length > listed) lines.push(`… and ${spans.length - listed} more, each in the title of its band`)
  return lines.map(
    (line, index) =>
      `<text x="12" y="${chart.bottom + 48 + index * lineHeight}" font-size="11" fill="#274b73">${escapeMarkup(line)}</text>`,
  )
}

export const faultListHeight = (spans: readonly FaultSpan[]): number =>
  lineHeight * Math.min(spans.length, listed + 1)

const faultWords = ({ words, from, until }: FaultSpan, { origin }: Chart): string => {
  const span = spanWords({ from, to: until }, origin)
  return `${until === Infinity ? span.replace('not ended', 'not healed') : span}: ${words}`
}
