import type { Entry, RegisterOperation } from './history.ts'

/** What became of the values that were written to registers. */
export interface RegisterVerdict {
  readonly written: number
  readonly acknowledged: number
  /** Registers of which the last reads of the nodes differ. */
  readonly divided: readonly string[]
  /** `key=value` that was acknowledged, after every other write had ended, and is not what a last read saw. */
  readonly lost: readonly string[]
  /** `key=value` read though a later write had been acknowledged before the read began. A figure, not a defect, where
   * replication is not synchronous. */
  readonly stale: readonly string[]
  /** `key=value` read though nobody wrote it, or the answer had said that it was not written. */
  readonly phantom: readonly string[]
  readonly verdict: 'good' | 'bad' | 'nothing to judge'
}

type Read = Entry<Extract<RegisterOperation, { kind: 'read' }>>
type Write = Entry<Extract<RegisterOperation, { kind: 'write' }>>

/**
 * Judges the history of registers, each value written once. It finds what no order of the operations could explain for
 * a replicated register; it does not search all orders, so it is no proof of linearizability.
 */
export function checkRegisters(history: readonly Entry<RegisterOperation>[]): RegisterVerdict {
  const writes = history.filter((entry): entry is Write => entry.kind === 'write')
  const reads = history.filter((entry): entry is Read => entry.kind === 'read' && entry.outcome === 'ok')
  const keys = [...new Set(history.map(({ key }) => key))]
  const all = keys.map((key) =>
    checkOne(
      writes.filter((write) => write.key === key),
      reads.filter((read) => read.key === key),
    ),
  )
  const found = {
    divided: keys.filter((_, index) => all[index]?.divided),
    lost: all.flatMap(({ lost }) => lost),
    stale: all.flatMap(({ stale }) => stale),
    phantom: all.flatMap(({ phantom }) => phantom),
  }
  const acknowledged = writes.filter(({ outcome }) => outcome === 'ok').length
  const bad = found.divided.length + found.lost.length + found.phantom.length > 0
  const nothing = acknowledged === 0 || reads.length === 0
  return {
    written: writes.length,
    acknowledged,
    ...found,
    verdict: bad ? 'bad' : nothing ? 'nothing to judge' : 'good',
  }
}

interface OneRegister {
  readonly divided: boolean
  readonly lost: string[]
  readonly stale: string[]
  readonly phantom: string[]
}

function checkOne(writes: readonly Write[], reads: readonly Read[]): OneRegister {
  const lastReads = [...new Map(reads.map((read) => [read.node, read])).values()]
  const possible = writes.filter(({ outcome }) => outcome !== 'failed')
  const isPhantom = ({ value, to }: Read): boolean =>
    value !== undefined && !possible.some((write) => write.value === value && write.from <= to)
  return {
    divided: new Set(lastReads.map(({ value }) => value)).size > 1,
    lost: lastWrite(possible).flatMap((write) =>
      lastReads.some((read) => read.from >= write.to && read.value !== write.value) ? show(write) : [],
    ),
    stale: [...new Set(reads.filter((read) => isStale(read, possible)).map(show))],
    phantom: [...new Set(reads.filter(isPhantom).map(show))],
  }
}

/** The acknowledged write that began when every other had ended; none if there is no such one. */
function lastWrite(writes: readonly Write[]): Write[] {
  return writes.filter(
    (write) =>
      write.outcome === 'ok' &&
      writes.every((other) => other === write || (other.outcome !== 'unknown' && other.to <= write.from)),
  )
}

/** Some acknowledged write began after the one that was read had ended, and ended before the read began. */
function isStale({ value, from }: Read, writes: readonly Write[]): boolean {
  const seen = writes.find((write) => write.value === value)
  const seenEnded = seen?.to ?? -Infinity
  if (seen?.outcome === 'unknown') return false
  return writes.some((write) => write.outcome === 'ok' && write.from >= seenEnded && write.to <= from)
}

function show({ key, value }: { key: string; value: string | undefined }): string {
  return `${key}=${value ?? '(nothing)'}`
}
