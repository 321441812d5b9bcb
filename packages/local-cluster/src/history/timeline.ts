import type { PlayedFault } from '../nemesis/play.ts'
import { describeAction } from '../nemesis/schedule.ts'
import type { Entry, Outcome } from './history.ts'

/** What a timeline shows: operations on a line for each node, faults as bands behind them. */
export interface Timeline {
  readonly title: string
  readonly entries: readonly Entry<{ readonly kind: string }>[]
  readonly faults: readonly PlayedFault[]
}

const WIDTH = 1_200
const LEFT = 110
const RIGHT = 20
const TOP = 78
const LANE = 44
const COLOURS: Readonly<Record<Outcome, string>> = { ok: '#2a9d5c', failed: '#c9a227', unknown: '#c0392b' }

/** Reads that went well; they are not what is usually looked for. */
const READ = '#7d8da1'

/** Draws it as an SVG document. Colours are told apart also by height: what went wrong is drawn taller. */
export function drawTimeline({ title, entries, faults }: Timeline): string {
  const times = [...entries.flatMap(({ from, to }) => [from, to]), ...faults.map(({ from }) => from)]
  const start = times.reduce((least, time) => Math.min(least, time), Infinity)
  const end = times.reduce((most, time) => Math.max(most, time), start + 1)
  const x = (time: number): number => LEFT + ((time - start) / (end - start)) * (WIDTH - LEFT - RIGHT)
  const nodes = [...new Set(entries.map(({ node }) => node))].sort()
  const height = TOP + nodes.length * LANE + 40
  const bottom = TOP + nodes.length * LANE

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="12" y="22" font-size="16" font-weight="bold">${escape(title)}</text>`,
    legend(),
    ...bands(faults, x, end, bottom),
    ...nodes.flatMap((node, lane) => laneOf(node, lane, entries, x)),
    ...axis(start, end, x, bottom),
    '</svg>',
  ].join('\n')
}

function legend(): string {
  const items = (['ok', 'failed', 'unknown'] as const).map(
    (outcome, index) =>
      `<rect x="${WIDTH - 250 + index * 80}" y="12" width="10" height="10" fill="${COLOURS[outcome]}"/>` +
      `<text x="${WIDTH - 236 + index * 80}" y="22">${outcome}</text>`,
  )
  return `${items.join('')}<rect x="${WIDTH - 340}" y="12" width="10" height="10" fill="${READ}"/><text x="${WIDTH - 326}" y="22">read, ok</text>`
}

function bands(
  faults: readonly PlayedFault[],
  x: (time: number) => number,
  end: number,
  bottom: number,
): string[] {
  return faults.flatMap(({ action, from }, index) => {
    if (action.kind === 'heal') return []
    const width = Math.max(1, x(faults[index + 1]?.from ?? end) - x(from))
    const words = describeAction(action)
    // Neighbours may be narrow: their words stand on two lines in turn, and are cut to their band and the next gap.
    const y = TOP - (index % 4 < 2 ? 28 : 12)
    const room = Math.max(6, Math.floor((width * 2) / 6.5))
    const shown = words.length > room ? `${words.slice(0, room - 1)}…` : words
    const atEdge = x(from) > WIDTH - 200
    return [
      `<rect x="${round(x(from))}" y="${TOP - 8}" width="${round(width)}" height="${bottom - TOP + 8}" fill="#3b6ea5" opacity="0.14"><title>${escape(words)}</title></rect>`,
      `<text x="${round(x(from))}" y="${y}" text-anchor="${atEdge ? 'end' : 'start'}" font-size="11" fill="#274b73">${escape(shown)}</text>`,
    ]
  })
}

function laneOf(
  node: string,
  lane: number,
  entries: Timeline['entries'],
  x: (time: number) => number,
): string[] {
  const middle = TOP + lane * LANE + LANE / 2
  const marks = entries
    .filter((entry) => entry.node === node)
    .map((entry) => {
      const height = entry.outcome === 'ok' ? 14 : 26
      const width = Math.max(1.2, x(entry.to) - x(entry.from))
      return `<rect x="${round(x(entry.from))}" y="${middle - height / 2}" width="${round(width)}" height="${height}" fill="${colourOf(entry)}" opacity="0.75"/>`
    })
  return [
    `<text x="${LEFT - 10}" y="${middle + 4}" text-anchor="end">${escape(node)}</text>`,
    `<line x1="${LEFT}" y1="${middle}" x2="${WIDTH - RIGHT}" y2="${middle}" stroke="#ddd"/>`,
    ...marks,
  ]
}

function colourOf({ kind, outcome }: Timeline['entries'][number]): string {
  return kind === 'read' && outcome === 'ok' ? READ : COLOURS[outcome]
}

function axis(start: number, end: number, x: (time: number) => number, bottom: number): string[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1_800, 3_600]
  const step = (steps.find((seconds) => (end - start) / 1_000 / seconds <= 12) ?? 7_200) * 1_000
  const count = Math.floor((end - start) / step) + 1
  return Array.from({ length: count }, (_, index) => {
    const at = round(x(start + index * step))
    const seconds = Number(((index * step) / 1_000).toFixed(1))
    return (
      `<line x1="${at}" y1="${TOP - 8}" x2="${at}" y2="${bottom}" stroke="#000" opacity="0.08"/>` +
      `<text x="${at}" y="${bottom + 18}" text-anchor="middle" fill="#555">${seconds} s</text>`
    )
  })
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
