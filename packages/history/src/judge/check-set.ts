import { addsOf, fatesOf, hasBegun } from './element-fate.ts'
import type { ElementAdd, ElementFate, SetAdd, SetAnswer, SetRead } from './element-fate.ts'
import { checkTimes, finalReads, quietSince, unreadNodes } from './final-reads.ts'
import { gather, namesOf, sightingOf, type Finding } from './finding.ts'
import type { Entry, SetOperation } from '../history.ts'
import { quantilesOf, type Quantiles } from './quantiles.ts'

/**
 * What became of the elements that were added to a set. In the terms of Jepsen's `set-full`: an element is known from
 * its acknowledgement on, or from the end of the first read that had it, whichever is earlier; a read begins after
 * something if it does so strictly later, so what happens at one instant is concurrent.
 */
export interface SetVerdict {
  /** Elements that somebody tried to add. */
  readonly attempted: number
  readonly acknowledged: number
  /** Known, and absent from the final read of some node. */
  readonly lost: readonly string[]
  /** Known, and absent from a read that began later, though the final reads have it. With replication that is not
   * synchronous this is no defect but a figure; `stability` says for how long. */
  readonly stale: readonly string[]
  /** Seen, though nobody had begun to add it, or all answers had said that it was not added. */
  readonly phantom: readonly string[]
  /** More than once in one read. */
  readonly doubled: readonly string[]
  /** Acknowledged, and no read began later: nobody knows whether it is there. */
  readonly neverRead: readonly string[]
  /** Not acknowledged, but there: the answer got lost, the element did not. */
  readonly recovered: readonly string[]
  /** Nodes without a final read. What the others have is judged without them. */
  readonly unread: readonly string[]
  /** Of each element that stayed, milliseconds from when it was known to when every read that began had it: the beginning
   * of the last read that missed it; 0 if none did. */
  readonly stability: Quantiles
  /** All of the above, with the operations that show it. */
  readonly findings: readonly Finding[]
  /** `bad` by what is lost, phantom or doubled; `good` if it is not, there is a final read, and some element stayed;
   * else `unknown`. */
  readonly verdict: 'good' | 'bad' | 'unknown'
}

/**
 * Judges a history. Every node should be read once more when all is quiet. The last read that was tried of a node is its
 * final read if it has an answer, and began after the last add had ended that may have been done; if a node has none, as
 * it is down, what was acknowledged can still be asked of the others. Throws `InvalidOptionError` if a time is none.
 */
export const checkSet = (history: readonly Entry<SetOperation>[]): SetVerdict => {
  checkTimes(history)
  const adds = history.filter((entry): entry is SetAdd => entry.kind === 'add')
  const reads = history.filter((entry): entry is SetRead => entry.kind === 'read')
  const elements = addsOf(adds)
  const answers = answersOf(reads)
  const final = finalReads(reads, quietSince(adds))
  const newest = answers.reduce((latest, { read }) => Math.max(latest, read.from), -Infinity)

  const fates = fatesOf(elements, answers, final)
  const stable = fates.filter((fate) => isStable(fate, newest))
  const neverRead = fates.filter((fate) => isNeverRead(fate, newest))
  const findings = [
    ...fates.flatMap(lostFinding),
    ...gather('phantom', phantomsIn(answers, elements)),
    ...gather('doubled', doublesIn(answers)),
    ...stable.flatMap(staleFinding),
    ...neverRead.map((fate) => finding('never read', fate, [])),
  ]
  return {
    attempted: new Set(adds.map(({ element }) => element)).size,
    acknowledged: fates.filter(isAcknowledged).length,
    lost: namesOf('lost', findings),
    stale: namesOf('stale', findings),
    phantom: namesOf('phantom', findings),
    doubled: namesOf('doubled', findings),
    neverRead: namesOf('never read', findings),
    recovered: stable.filter((fate) => !isAcknowledged(fate)).map(({ element }) => element),
    unread: unreadNodes(history, final.ofNodes),
    stability: quantilesOf(stable.map(staleFor)),
    findings,
    verdict: isBad(findings) ? 'bad' : final.ofNodes.length > 0 && stable.length > 0 ? 'good' : 'unknown',
  }
}

const answersOf = (reads: readonly SetRead[]): SetAnswer[] => {
  const answered = reads.filter(({ outcome }) => outcome === 'ok')
  return answered.map((read) => ({ read, has: new Set(read.elements) }))
}

const isBad = (findings: readonly Finding[]): boolean =>
  findings.some(({ kind }) => kind === 'lost' || kind === 'phantom' || kind === 'doubled')

const isAcknowledged = ({ acknowledgedAt }: ElementFate): boolean => acknowledgedAt < Infinity

const isNeverRead = (fate: ElementFate, newest: number): boolean =>
  isAcknowledged(fate) && newest <= fate.acknowledgedAt

/** There is a time after which every read that began had it. */
const isStable = (fate: ElementFate, newest: number): boolean => {
  const { seen, missed, missing } = fate
  if (seen === undefined || missing.length > 0 || isNeverRead(fate, newest)) return false
  return missed === undefined || seen.from >= missed.from
}

const staleFor = ({ missed, knownAt }: ElementFate): number =>
  missed === undefined ? 0 : missed.from - knownAt

const lostFinding = (fate: ElementFate): Finding[] =>
  fate.missing.length === 0 ? [] : [finding('lost', fate, fate.missing)]

const staleFinding = (fate: ElementFate): Finding[] => {
  if (fate.missed === undefined) return []
  return [{ ...finding('stale', fate, [fate.missed]), forMs: staleFor(fate) }]
}

const finding = (
  kind: Finding['kind'],
  { element, add }: ElementFate,
  reads: readonly SetRead[],
): Finding => ({ kind, name: element, written: sightingOf(add), reads: reads.map(sightingOf) })

const phantomsIn = function* (
  answers: readonly SetAnswer[],
  adds: ReadonlyMap<string, ElementAdd>,
): Generator<readonly [string, SetRead]> {
  for (const { read, has } of answers)
    for (const element of has) if (!hasBegun(adds.get(element), read)) yield [element, read]
}

const doublesIn = function* (answers: readonly SetAnswer[]): Generator<readonly [string, SetRead]> {
  for (const { read, has } of answers) {
    if (read.elements.length === has.size) continue
    const once = new Set<string>()
    for (const element of new Set(read.elements.filter((each) => once.has(each) || !once.add(each))))
      yield [element, read]
  }
}
