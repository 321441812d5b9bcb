import { escapeMarkup } from '@grapevine/std'
import { figure, spread } from './figures.ts'
import type { Unit } from '../measurement.ts'
import type { Summary } from '../statistics/summary.ts'

export interface Bar {
  readonly label: string
  readonly summary: Summary
  readonly own: boolean
}

const width = 760
const labelWidth = 270
const valueWidth = 190
const barHeight = 22
const rowHeight = 34
const top = 58

/**
 * An SVG of horizontal bars: medians, and a line from the lowest to the highest round. It starts at zero, carries its
 * own colours for light and dark, and tells everything in text too.
 */
export const plot = (title: string, unit: Unit, bars: readonly Bar[]): string => {
  const most = Math.max(...bars.map(({ summary }) => summary.max))
  const scale = (value: number): number => (most > 0 ? (value / most) * (width - labelWidth - valueWidth) : 0)
  const height = top + bars.length * rowHeight + 14
  const summary = bars.map(({ label, summary }) => `${label}: ${figure(summary.median, unit)}`).join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(`${title}. ${summary}`)}">`,
    style,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="16" y="28">${escapeMarkup(title)}</text>`,
    ...bars.map((bar, index) => drawBar(bar, unit, top + index * rowHeight, scale)),
    '</svg>',
    '',
  ].join('\n')
}

const drawBar = (
  { label, summary, own }: Bar,
  unit: Unit,
  y: number,
  scale: (value: number) => number,
): string => {
  const middle = y + barHeight / 2
  const [low, high] = [labelWidth + scale(summary.min), labelWidth + scale(summary.max)]
  return [
    `<text class="label" x="${labelWidth - 10}" y="${middle + 4}" text-anchor="end">${escapeMarkup(label)}</text>`,
    `<rect class="${own ? 'own' : 'other'}" x="${labelWidth}" y="${y}" width="${round(scale(summary.median))}" height="${barHeight}" rx="2"/>`,
    `<path class="range" d="M${round(low)} ${middle}H${round(high)}M${round(low)} ${middle - 5}v10M${round(high)} ${middle - 5}v10"/>`,
    `<text class="value" x="${round(high) + 8}" y="${middle + 4}">${escapeMarkup(spread(summary, unit))}</text>`,
  ].join('\n')
}

const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.value { font-size: 12px; fill: #57606a }
.paper { fill: #ffffff }
.own { fill: #6d28d9 }
.other { fill: #a8b1bb }
.range { fill: none; stroke: #24292f; stroke-width: 1.2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.value { fill: #9da7b1 }
.paper { fill: #0d1117 }
.own { fill: #a78bfa }
.other { fill: #4b5563 }
.range { stroke: #e6edf3 }
}
</style>`

const round = (value: number): number => Math.round(value * 10) / 10
