import { escapeMarkup } from '@grapevine/std'
import type { PlayedFault } from '../nemesis/played-fault.ts'
import { axis, chartOf, left, right, chartWidth, type Chart } from './chart.ts'
import { faultSpans } from '../nemesis/fault-spans.ts'
import type { Finding } from '../judge/finding.ts'
import { faultBands, faultList, faultListHeight, faultNumbers } from './timeline-faults.ts'
import { findingLegend, findingMarks } from './timeline-findings.ts'
import { operationLegend, operationMarks, type AnyEntry } from './timeline-operations.ts'
import { byName, oneLine } from '../report/words.ts'

/** What a timeline shows: operations on a line for each node, faults as bands behind them. */
export interface Timeline {
  readonly title: string
  readonly entries: readonly AnyEntry[]
  readonly faults: readonly PlayedFault[]
  /** What a checker found; each is marked on the operations that show it. @default [] */
  readonly findings?: readonly Finding[]
  /** Nodes that have a line though nobody asked them anything. @default [] */
  readonly nodes?: readonly string[]
}

/**
 * Draws it as an SVG document. Every mark has a title, which a browser shows on hovering: what it is, how it went, when,
 * and the problem. However long the history is, the document stays within some thousand marks for each node: of a node
 * with more than 500 operations, neighbours of one outcome are drawn as one.
 */
export const drawTimeline = ({ title, entries, faults, findings = [], nodes = [] }: Timeline): string => {
  const spans = faultSpans(faults)
  const byNode = new Map<string, AnyEntry[]>(nodes.map((node) => [node, []]))
  for (const entry of entries) {
    const others = byNode.get(entry.node)
    if (others === undefined) byNode.set(entry.node, [entry])
    else others.push(entry)
  }
  const chart = chartOf([...entries, ...timesOf(faults)], [...byNode.keys()].toSorted(byName))
  return [
    ...frame(title, chart.bottom + 40 + faultListHeight(spans) + 12),
    ...findingLegend(findings, 40),
    ...faultBands(spans, chart),
    ...faultNumbers(spans, chart),
    ...chart.nodes.flatMap((node) => [
      ...lane(node, chart),
      ...operationMarks(byNode.get(node) ?? [], chart),
    ]),
    ...findingMarks(findings, chart),
    ...axis(chart),
    ...faultList(spans, chart),
    '</svg>',
  ].join('\n')
}

const frame = (title: string, height: number): string[] => [
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" font-family="sans-serif" font-size="12">`,
  `<rect width="100%" height="100%" fill="#fff"/>`,
  `<text x="12" y="22" font-size="16" font-weight="bold">${escapeMarkup(oneLine(title))}</text>`,
  ...operationLegend.map(([words, colour], index) => {
    const x = chartWidth - 340 + index * 90
    return `<rect x="${x}" y="12" width="10" height="10" fill="${colour}"/><text x="${x + 14}" y="22">${words}</text>`
  }),
]

const lane = (node: string, { y }: Chart): string[] => {
  const middle = y(node)
  return [
    `<text x="${left - 10}" y="${middle + 4}" text-anchor="end">${escapeMarkup(oneLine(node))}</text>`,
    `<line x1="${left}" y1="${middle}" x2="${chartWidth - right}" y2="${middle}" stroke="#ddd"/>`,
  ]
}

/** With the heals, which may be in force after all operations have ended. */
const timesOf = (faults: readonly PlayedFault[]): { from: number; to: number }[] =>
  faults.map(({ from, inForce }) => ({ from, to: inForce }))
