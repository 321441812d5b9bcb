import { escapeMarkup } from '@grapevine/std'
import { laneHeight, round, type Chart } from './chart.ts'
import { worst, type Finding, type FindingKind, type Sighting } from '../judge/finding.ts'
import { milliseconds, oneLine, seconds, some } from '../report/words.ts'

/** Those of one kind within so many pixels are drawn as one. */
const mergedPixels = 14
const named = 5
const radius = 7

/** Each kind has a letter too, for those who do not tell colours apart. */
const markLetters: Readonly<Record<FindingKind, readonly [letter: string, colour: string]>> = {
  lost: ['L', '#9b1b30'],
  divided: ['V', '#7b2d8b'],
  phantom: ['P', '#c2410c'],
  doubled: ['D', '#8a6d00'],
  stale: ['S', '#4b5d73'],
  'never read': ['N', '#1f2937'],
}

/** Letters on the write and on the reads that show what was found: above the lane's middle for writes, below for reads. */
export const findingMarks = (findings: readonly Finding[], chart: Chart): string[] => {
  const places = new Map<string, Map<FindingKind, Spot[]>>()
  for (const spot of findings.flatMap(spotsOf)) {
    const { kind, isWrite, where } = spot
    const place = `${isWrite} ${Math.floor(chart.x(where.from) / mergedPixels)} ${where.node}`
    const kinds = places.get(place) ?? new Map<FindingKind, Spot[]>()
    kinds.set(kind, kinds.get(kind) ?? [])
    kinds.get(kind)?.push(spot)
    places.set(place, kinds)
  }
  const marks = [...places.values()].flatMap((kinds) =>
    [...kinds].map(([kind, group], index) => ({ kind, drawn: mark(group, index, chart) })),
  )
  // What is worst is drawn last, so that nothing hides it.
  return worst
    .toReversed()
    .flatMap((kind) => marks.filter((mark) => mark.kind === kind).map(({ drawn }) => drawn))
}

/** The letters that occur, and what they mean. */
export const findingLegend = (findings: readonly Finding[], y: number): string[] => {
  const found = new Set(findings.map(({ kind }) => kind))
  const kinds = worst.filter((kind) => found.has(kind))
  return kinds.map((kind, index) => {
    const x = 20 + index * 110
    return `${badge(kind, x, y)}<text x="${x + 12}" y="${y + 4}">${kind}</text>`
  })
}

interface Spot {
  readonly kind: FindingKind
  readonly isWrite: boolean
  readonly where: Sighting
  readonly words: string
}

const spotsOf = ({ kind, name, written, reads, forMs }: Finding): Spot[] => {
  const late = forMs === undefined ? '' : ` for ${milliseconds(forMs)}`
  const words = `${oneLine(name)}${late}`
  const seen = reads.map((where) => ({ kind, isWrite: false, where, words }))
  return written === undefined ? seen : [{ kind, isWrite: true, where: written, words }, ...seen]
}

/** Several kinds in one place stand side by side. */
const mark = (group: readonly Spot[], index: number, chart: Chart): string => {
  const [first] = group
  if (first === undefined) return ''
  const { kind, isWrite, where } = first
  const y = chart.y(where.node) + (isWrite ? -1 : 1) * (laneHeight / 2 - radius - 1)
  const on = `${isWrite ? 'written' : 'shown by a read'} on ${where.node} at ${seconds(where.from, chart.origin)}`
  const names = some([...new Set(group.map(({ words }) => words))], named)
  return `<g><title>${escapeMarkup(`${kind}: ${names}; ${on}`)}</title>${badge(kind, chart.x(where.from) - index * 2 * radius, y)}</g>`
}

const badge = (kind: FindingKind, x: number, y: number): string => {
  const [letter, colour] = markLetters[kind]
  return (
    `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" fill="${colour}"/>` +
    `<text x="${round(x)}" y="${round(y) + 3.5}" font-size="10" font-weight="bold" text-anchor="middle" fill="#fff">${letter}</text>`
  )
}
