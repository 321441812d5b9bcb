import { rect, spanWords, type Chart } from './chart.ts'
import type { Entry, Outcome } from './history.ts'
import { oneLine, some } from './words.ts'

/** Any operation; those of sets and registers are named by what they hold. */
export type AnyEntry = Entry<{ readonly kind: string }>

/** Up to so many operations of a node are drawn each for itself. */
const EACH = 500
/** Of more, those of one kind that begin within so many pixels are drawn as one. */
const MERGED = 3
const NAMED = 3

const COLOURS: Readonly<Record<Outcome, string>> = { ok: '#2a9d5c', failed: '#c9a227', unknown: '#c0392b' }

/** Reads that went well; they are not what is usually looked for. */
const READ = '#7d8da1'

/** The words of the legend, and their colours. */
export const OPERATION_LEGEND: readonly (readonly [string, string])[] = [
  ['read, ok', READ],
  ['ok', COLOURS.ok],
  ['failed', COLOURS.failed],
  ['unknown', COLOURS.unknown],
]

/** What was asked of one node. Colours are told apart also by height: what went wrong is drawn taller. */
export function operationMarks(entries: readonly AnyEntry[], chart: Chart): string[] {
  const groups = entries.length <= EACH ? entries.map((entry) => [entry]) : merged(entries, chart)
  return groups.map((group) => mark(group, chart))
}

function merged(entries: readonly AnyEntry[], { x }: Chart): AnyEntry[][] {
  const groups = new Map<string, AnyEntry[]>()
  for (const entry of entries) {
    const place = `${colourOf(entry)} ${Math.floor(x(entry.from) / MERGED)}`
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [entry])
    else group.push(entry)
  }
  return [...groups.values()]
}

function mark(group: readonly AnyEntry[], chart: Chart): string {
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
function titleOf(entry: AnyEntry, { origin }: Chart): string {
  const problem = entry.problem === undefined ? '' : `: ${oneLine(entry.problem)}`
  return `${namedBy(entry)}, ${entry.outcome}, ${spanWords(entry, origin)}${problem}`
}

function titleOfMany(
  group: readonly AnyEntry[],
  span: { readonly from: number; readonly to: number },
  { origin }: Chart,
): string {
  const problems = [...new Set(group.map(({ problem }) => problem ?? ''))].filter((problem) => problem !== '')
  const why =
    problems.length === 0
      ? ''
      : `: ${some(
          problems.map((text) => oneLine(text)),
          NAMED,
        )}`
  const what = some(group.map(namedBy), NAMED)
  return `${group.length} operations, ${group[0]?.outcome ?? ''}, ${spanWords(span, origin)}: ${what}${why}`
}

function namedBy(entry: AnyEntry): string {
  const { kind } = entry
  if ('element' in entry) return `${kind} ${oneLine(String(entry.element))}`
  if ('elements' in entry && Array.isArray(entry.elements))
    return `${kind} of ${entry.elements.length} elements`
  if ('key' in entry && 'value' in entry)
    return `${kind} ${oneLine(`${String(entry.key)}=${typeof entry.value === 'string' ? entry.value : '(nothing)'}`)}`
  return kind
}

function colourOf({ kind, outcome }: AnyEntry): string {
  return kind === 'read' && outcome === 'ok' ? READ : COLOURS[outcome]
}
