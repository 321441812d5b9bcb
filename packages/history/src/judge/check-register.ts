import { InvalidOptionError } from '@grapevine/std'
import { checkTimes, finalReads, quietSince, unreadNodes } from './final-reads.ts'
import { gather, namesOf, sightingOf, type Finding } from './finding.ts'
import type { Entry, RegisterOperation } from '../history.ts'
import { valuesOf, type RegisterRead, type RegisterValues, type RegisterWrite } from './register-values.ts'

/**
 * What became of the values that were written to registers. A write has ended with its answer, or with the first read
 * that saw its value, whichever is earlier; one without either may be done at any later time. What happens at one instant
 * is concurrent.
 */
export interface RegisterVerdict {
  readonly written: number
  readonly acknowledged: number
  /** Keys of which the final reads of the nodes differ. */
  readonly divided: readonly string[]
  /** `key=value` that was acknowledged and not overwritten since, though a final read saw an older value: one whose write
   * had ended before this one began. Of concurrent writes any may win; if none did, all are lost. */
  readonly lost: readonly string[]
  /** `key=value` read though a later write had been acknowledged before the read began. A figure, not a defect, where
   * replication is not synchronous. */
  readonly stale: readonly string[]
  /** `key=value` read though nobody had begun to write it, or the answer had said that it was not written. */
  readonly phantom: readonly string[]
  /** Keys with an acknowledged write, and without a final read. */
  readonly neverRead: readonly string[]
  /** Nodes without a final read of any key. What the others have is judged without them. */
  readonly unread: readonly string[]
  /** All of the above, with the operations that show it. */
  readonly findings: readonly Finding[]
  /** `bad` by what is divided, lost or phantom; else `good` if every key has a final read, and some write was
   * acknowledged; else `unknown`. */
  readonly verdict: 'good' | 'bad' | 'unknown'
}

/**
 * Judges the history of registers. It finds what no order of the operations could explain for a replicated register; it
 * does not search all orders, so it is no proof of linearizability. Final reads are those of `checkSet`, for each key.
 * Throws `InvalidOptionError` if a time is none, or two writes that may have been done wrote the same value to a key, as a read
 * could not tell which of them it saw.
 */
export const checkRegisters = (history: readonly Entry<RegisterOperation>[]): RegisterVerdict => {
  checkTimes(history)
  const writes = history.filter((entry): entry is RegisterWrite => entry.kind === 'write')
  const registers = [...byKey(history)].map(([key, entries]) => judge(key, entries))
  const findings = registers.flatMap(({ findings }) => findings)
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok').length
  const neverRead = namesOf('never read', findings)
  const isBad = findings.some(({ kind }) => kind === 'divided' || kind === 'lost' || kind === 'phantom')
  return {
    written: writes.length,
    acknowledged,
    divided: namesOf('divided', findings),
    lost: namesOf('lost', findings),
    stale: namesOf('stale', findings),
    phantom: namesOf('phantom', findings),
    neverRead,
    unread: unreadNodes(
      history,
      registers.flatMap(({ ends }) => ends),
    ),
    findings,
    verdict: isBad ? 'bad' : neverRead.length === 0 && acknowledged > 0 ? 'good' : 'unknown',
  }
}

const byKey = (history: readonly Entry<RegisterOperation>[]): Map<string, Entry<RegisterOperation>[]> => {
  const registers = new Map<string, Entry<RegisterOperation>[]>()
  for (const entry of history) {
    const entries = registers.get(entry.key)
    if (entries === undefined) registers.set(entry.key, [entry])
    else entries.push(entry)
  }
  return registers
}

interface Judgement {
  readonly findings: Finding[]
  /** The final reads of the nodes. */
  readonly ends: readonly RegisterRead[]
}

const judge = (key: string, entries: readonly Entry<RegisterOperation>[]): Judgement => {
  const writes = entries.filter((entry): entry is RegisterWrite => entry.kind === 'write')
  const reads = entries.filter((entry): entry is RegisterRead => entry.kind === 'read')
  const possible = writes.filter(({ outcome }) => outcome !== 'failed')
  checkValues(possible)
  const answers = reads.filter(({ outcome }) => outcome === 'ok')
  const final = finalReads(reads, quietSince(writes))
  const values = valuesOf(possible, answers)
  const isNeverRead = final.ofNodes.length === 0 && writes.some(({ outcome }) => outcome === 'ok')
  return {
    ends: final.ofNodes,
    findings: [
      ...dividedFinding(key, final.ofNodes),
      ...lostFindings(values, possible, [...final.all]),
      ...gather('phantom', named(answers.filter(values.isPhantom))),
      ...staleFindings(values, answers),
      ...(isNeverRead ? [{ kind: 'never read', name: key, reads: [] } as const] : []),
    ],
  }
}

const checkValues = (writes: readonly RegisterWrite[]): void => {
  const seen = new Map<string, RegisterWrite>()
  for (const write of writes) {
    const other = seen.get(write.value)
    if (other !== undefined)
      throw new InvalidOptionError(
        'history',
        `${nameOf(write)} written by ${other.node} at ${other.from} ms and by ${write.node} at ${write.from} ms`,
        'each value of a key written once',
      )
    seen.set(write.value, write)
  }
}

const dividedFinding = (key: string, ends: readonly RegisterRead[]): Finding[] => {
  if (new Set(ends.map(({ value }) => value)).size < 2) return []
  const reads = ends.map((read) => ({ ...sightingOf(read), saw: read.value ?? nothing }))
  return [{ kind: 'divided', name: key, reads }]
}

/** Writes that should be there instead of an older value. */
const lostFindings = (
  values: RegisterValues,
  writes: readonly RegisterWrite[],
  ends: readonly RegisterRead[],
): Finding[] => {
  const stale = ends.filter(values.isStale)
  return writes.flatMap((write) => {
    const reads = stale.filter((read) => values.isNewer(write, read))
    if (reads.length === 0) return []
    return [{ kind: 'lost', name: nameOf(write), written: sightingOf(write), reads: reads.map(sightingOf) }]
  })
}

const staleFindings = (values: RegisterValues, answers: readonly RegisterRead[]): Finding[] => {
  const stale = answers.filter(values.isStale)
  const longest = new Map<string, number>()
  for (const read of stale)
    longest.set(nameOf(read), Math.max(longest.get(nameOf(read)) ?? 0, values.staleFor(read)))
  return gather('stale', named(stale)).map((found) => ({ ...found, forMs: longest.get(found.name) ?? 0 }))
}

const named = (reads: readonly RegisterRead[]): (readonly [string, RegisterRead])[] =>
  reads.map((read) => [nameOf(read), read])

const nothing = '(nothing)'

const nameOf = ({ key, value }: { key: string; value: string | undefined }): string =>
  `${key}=${value ?? nothing}`
