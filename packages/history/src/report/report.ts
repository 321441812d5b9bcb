import type { PlayedFault } from '../nemesis/played-fault.ts'
import type { RegisterVerdict } from '../judge/check-register.ts'
import type { SetVerdict } from '../judge/check-set.ts'
import { faultsAt, faultSpans, type FaultSpan } from '../nemesis/fault-spans.ts'
import { worst, type Finding, type FindingKind, type Sighting } from '../judge/finding.ts'
import type { Entry, RegisterOperation, SetOperation } from '../history.ts'
import { showQuantiles } from '../judge/quantiles.ts'
import { beginOf, byName, milliseconds, oneLine, seconds, some } from './words.ts'

const examples = 5
const mostPlaces = 8

export interface ReportOptions {
  /** By which the run can be played again. */
  readonly seed?: number | string
}

/** What a person needs to read first when a history is bad: which elements, where, and what was being done meanwhile. */
export const reportSet = (
  verdict: SetVerdict,
  history: readonly Entry<SetOperation>[],
  faults: readonly PlayedFault[] = [],
  options: ReportOptions = {},
): string => {
  const { attempted, acknowledged, stability, recovered } = verdict
  const stable = stability.count === 0 ? 'none stable' : `stable after ${showQuantiles(stability)}`
  const kept = some(
    recovered.map((text) => oneLine(text)),
    examples,
  )
  return [
    `${head(verdict, options)}${acknowledged} of ${attempted} adds acknowledged; ${stable}`,
    ...body(verdict, history, faults),
    ...(recovered.length === 0 ? [] : [`there without an acknowledgement: ${recovered.length} (${kept})`]),
  ].join('\n')
}

/** The same of registers. */
export const reportRegisters = (
  verdict: RegisterVerdict,
  history: readonly Entry<RegisterOperation>[],
  faults: readonly PlayedFault[] = [],
  options: ReportOptions = {},
): string => {
  const { written, acknowledged } = verdict
  return [
    `${head(verdict, options)}${acknowledged} of ${written} writes acknowledged`,
    ...body(verdict, history, faults),
  ].join('\n')
}

type Verdict = SetVerdict | RegisterVerdict

const head = ({ verdict }: Verdict, { seed }: ReportOptions): string =>
  `${verdict}: ${seed === undefined ? '' : `seed ${seed}; `}`

interface Telling {
  readonly origin: number
  readonly spans: readonly FaultSpan[]
}

const body = (
  { findings, unread, verdict }: Verdict,
  history: readonly Entry<unknown>[],
  faults: readonly PlayedFault[],
): string[] => {
  const telling = { origin: beginOf([...history, ...faults]), spans: faultSpans(faults) }
  const sections = worst.flatMap((kind) =>
    section(
      kind,
      findings.filter((finding) => finding.kind === kind),
      telling,
    ),
  )
  const nodes = some(unread.map((text) => oneLine(text)).toSorted(byName), mostPlaces)
  if (unread.length > 0) sections.unshift(`no final read, begun when all writes had ended, of: ${nodes}`)
  if (verdict === 'unknown')
    sections.unshift('nothing is known to be wrong, and not enough was read to call it good')
  return sections
}

const section = (kind: FindingKind, findings: readonly Finding[], telling: Telling): string[] => {
  if (findings.length === 0) return []
  const rest = findings.length > examples ? [`  … and ${findings.length - examples} more`] : []
  const stories = findings
    .toSorted((a, b) => (b.forMs ?? 0) - (a.forMs ?? 0))
    .slice(0, examples)
    .map((finding) => `  ${oneLine(finding.name)}: ${storyOf(finding, telling).join('; ')}`)
  return [`${kind}: ${findings.length}`, ...stories, ...rest]
}

const storyOf = (finding: Finding, telling: Telling): string[] => {
  const { kind, written, reads } = finding
  const places = some(
    reads.map((read) => place(read, telling)),
    mostPlaces,
  )
  const began = written === undefined ? [] : [told(written, telling)]
  switch (kind) {
    case 'lost':
      return [...began, `missing at the end ${places}`]
    case 'divided':
      return [`at the end ${places}`]
    case 'phantom':
      return [`seen ${places}; nobody had begun to write it, or the answer was that it had failed`]
    case 'doubled':
      return [`more than once ${places}`]
    case 'stale': {
      const time = milliseconds(finding.forMs ?? 0)
      if (written === undefined) return [`read ${places}; up to ${time} after it had been overwritten`]
      return [...began, `last missed ${places}, ${time} after it was known`]
    }
    case 'never read':
      return written === undefined ? ['it has no final read'] : [...began, 'no read began later']
  }
}

/** How a write ended, and during what. */
const told = ({ outcome, node, to, from }: Sighting, { origin, spans }: Telling): string => {
  const time = to === Infinity ? from : to
  const how = to === Infinity ? 'not ended, begun' : outcome
  return `${how} on ${oneLine(node)} at ${seconds(time, origin)}, during ${faultsAt(spans, time)}`
}

const place = ({ node, from, saw }: Sighting, { origin }: Telling): string => {
  const what = saw === undefined ? '' : `'${oneLine(saw)}' `
  return `${what}on ${oneLine(node)} at ${seconds(from, origin)}`
}
