import { rect, spanWords, type Chart } from './chart.ts'
import type { Entry, Outcome } from '../history.ts'
import { oneLine, some } from '../report/words.ts'

/** Any operation; those of sets and registers are named by what they hold. */
export type AnyEntry = Entry<{ readonly kind: string }>

/** Up to so many operations of a node are drawn each for itself. */
const each = 500
/** Of more, those of one kind that begin within so many pixels are drawn as one. */
const mergedPixels = 3
const named = 3

const colours: Readonly<Record<Outcome, string>> = { ok: '#2a9d5c', failed: '#c9a227', unknown: '#c0392b' }

/** Reads that went well; they are not what is usually looked for. */
const read = '#7d8da1'

/** The words of the legend, and their colours. */
export const operationLegend: readonly (readonly [string, string])[] = [
  ['read, ok', read],
  ['ok', colours.ok],
  ['failed', colours.failed],
  ['unknown', colours.unknown],
]

/** What was asked of one node. Colours are told apart also by height: what went wrong is drawn taller. */
export const operationMarks = (entries: readonly AnyEntry[], chart: Chart): string[] => {
  const groups = entries.length <= each ? entries.map((entry) => [entry]) : merged(entries, chart)
  return groups.map((group) => mark(group, chart))
}

const merged = (entries: readonly AnyEntry[], { x }: Chart): AnyEntry[][] => {
  const groups = new Map<string, AnyEntry[]>()
  for (const entry of entries) {
    const place = `${colourOf(entry)} ${Math.floor(x(entry.from) / mergedPixels)}`
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [entry])
    else group.push(entry)
  }
  return [...groups.values()]
}

const mark = (group: readonly AnyEntry[], chart: Chart): string => {
  const [first] = group
  if (first === undefined) return ''
  const from = group.reduce((least, entry) => Math.min(least, entry.from), Infinity)
  const to = group.reduce((most, entry) => Math.max(most, entry.to), -Infinity)
  const height = first.outcome === 'ok' ? 14 : 26
  return rect({
    x: chart.x(from),
    y: chart.y(first.node) - height / 2,
    width: Math.max(1.2, chart.x(to) - chart.x(from)),
    height,
    fill: colourOf(first),
    opacity: 0.75,
    title: group.length === 1 ? titleOf(first, chart) : titleOfMany(group, { from, to }, chart),
  })
}

/** What, how, when, and the problem. */
const titleOf = (entry: AnyEntry, { origin }: Chart): string => {
  const problem = entry.problem === undefined ? '' : `: ${oneLine(entry.problem)}`
  return `${namedBy(entry)}, ${entry.outcome}, ${spanWords(entry, origin)}${problem}`
}

const titleOfMany = (
  group: readonly AnyEntry[],
  span: { readonly from: number; readonly to: number },
  { origin }: Chart,
): string => {
  const problems = [...new Set(group.map(({ problem }) => problem ?? ''))].filter((problem) => problem !== '')
  const why =
    problems.length === 0
      ? ''
      : `: ${some(
          problems.map((text) => oneLine(text)),
          named,
        )}`
  const what = some(group.map(namedBy), named)
  return `${group.length} operations, ${group[0]?.outcome ?? ''}, ${spanWords(span, origin)}: ${what}${why}`
}

const namedBy = (entry: AnyEntry): string => {
  const { kind } = entry
  if ('element' in entry) return `${kind} ${oneLine(String(entry.element))}`
  if ('elements' in entry && Array.isArray(entry.elements))
    return `${kind} of ${entry.elements.length} elements`
  if ('key' in entry && 'value' in entry)
    return `${kind} ${oneLine(`${String(entry.key)}=${typeof entry.value === 'string' ? entry.value : '(nothing)'}`)}`
  return kind
}

const colourOf = ({ kind, outcome }: AnyEntry): string =>
  kind === 'read' && outcome === 'ok' ? read : colours[outcome]
