import type { PlayedFault } from '../nemesis/play.ts'
import { describeAction } from '../nemesis/schedule.ts'
import type { SetVerdict } from './check-set.ts'
import type { Entry, SetOperation } from './history.ts'
import { showQuantiles } from './quantiles.ts'

const EXAMPLES = 5

/** What a person needs to read first when a history is bad: which elements, where, and what was being done meanwhile. */
export function reportSet(
  verdict: SetVerdict,
  history: readonly Entry<SetOperation>[],
  faults: readonly PlayedFault[] = [],
): string {
  const origin = Math.min(...history.map(({ from }) => from), ...faults.map(({ from }) => from))
  const { attempted, acknowledged, stability } = verdict
  return [
    `${verdict.verdict}: ${acknowledged} of ${attempted} adds acknowledged; stable after ${showQuantiles(stability)}`,
    ...(['lost', 'phantom', 'doubled', 'stale', 'recovered'] as const).flatMap((problem) =>
      section(problem, verdict[problem], history, faults, origin),
    ),
  ].join('\n')
}

function section(
  problem: string,
  elements: readonly string[],
  history: readonly Entry<SetOperation>[],
  faults: readonly PlayedFault[],
  origin: number,
): string[] {
  if (elements.length === 0) return []
  const rest = elements.length > EXAMPLES ? [`  … and ${elements.length - EXAMPLES} more`] : []
  const stories = elements.slice(0, EXAMPLES).map((element) => story(element, history, faults, origin))
  return [`${problem}: ${elements.length}`, ...stories, ...rest]
}

function story(
  element: string,
  history: readonly Entry<SetOperation>[],
  faults: readonly PlayedFault[],
  origin: number,
): string {
  const add = history.find((entry) => entry.kind === 'add' && entry.element === element)
  const reads = history.filter((entry) => entry.kind === 'read' && entry.outcome === 'ok')
  const last = [...new Map(reads.map((read) => [read.node, read])).values()]
  const missing = last.filter((read) => read.kind === 'read' && !read.elements.includes(element))
  const added =
    add === undefined
      ? 'never added'
      : `${add.outcome} on ${add.node} at ${at(add.to, origin)}, during ${faultAt(faults, add.to)}`
  const missed =
    missing.length === 0 ? 'on all nodes' : `missing on ${missing.map(({ node }) => node).join(', ')}`
  return `  ${element}: ${added}; ${missed} at the end`
}

function faultAt(faults: readonly PlayedFault[], time: number): string {
  const last = faults.filter(({ from }) => from <= time).at(-1)
  return last === undefined || last.action.kind === 'heal' ? 'no fault' : describeAction(last.action)
}

function at(time: number, origin: number): string {
  return `${((time - origin) / 1_000).toFixed(2)} s`
}
