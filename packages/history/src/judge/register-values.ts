import type { Entry, RegisterOperation } from '../history.ts'

export type RegisterRead = Entry<Extract<RegisterOperation, { kind: 'read' }>>
export type RegisterWrite = Entry<Extract<RegisterOperation, { kind: 'write' }>>

/** The order in time of the values of one register, each written once. */
export interface RegisterValues {
  /** Nobody had begun to write what it saw. */
  isPhantom(this: void, read: RegisterRead): boolean
  /** A write that began when what it saw had been written was acknowledged before it began. */
  isStale(this: void, read: RegisterRead): boolean
  /** How long ago what a stale read saw had been overwritten, in milliseconds. */
  staleFor(this: void, read: RegisterRead): number
  /** Of a read that began when all writes had ended: it was acknowledged, began when what the read saw had been written,
   * and was not overwritten itself. */
  isNewer(this: void, write: RegisterWrite, read: RegisterRead): boolean
}

/** Of writes that may have been done, and reads that have an answer. */
export const valuesOf = (
  writes: readonly RegisterWrite[],
  reads: readonly RegisterRead[],
): RegisterValues => {
  const byValue = new Map(writes.map((write) => [write.value, write]))
  const isPhantom = ({ value, to }: RegisterRead): boolean =>
    value !== undefined && (byValue.get(value)?.from ?? Infinity) > to
  const written = writtenAt(
    writes,
    reads.filter((read) => !isPhantom(read)),
  )
  // What was there before all writes.
  const endOf = (value: string | undefined): number =>
    value === undefined ? -Infinity : (written.get(value) ?? Infinity)
  const acknowledgedAfter = firstEndAfter(writes.filter(({ outcome }) => outcome === 'ok'))
  const overwrittenAt = (value: string | undefined): number => acknowledgedAfter(endOf(value))
  return {
    isPhantom,
    isStale: ({ value, from }) => overwrittenAt(value) < from,
    staleFor: ({ value, from }) => from - overwrittenAt(value),
    isNewer: (write, read) =>
      write.outcome === 'ok' && write.from > endOf(read.value) && overwrittenAt(write.value) >= read.from,
  }
}

/** When each value was certain to be written; not for one that is not. */
const writtenAt = (
  writes: readonly RegisterWrite[],
  reads: readonly RegisterRead[],
): ReadonlyMap<string, number> => {
  const written = new Map<string, number>()
  const note = (value: string, time: number): unknown =>
    written.set(value, Math.min(written.get(value) ?? Infinity, time))
  for (const { value, outcome, to } of writes) if (outcome === 'ok') note(value, to)
  for (const { value, to } of reads) if (value !== undefined) note(value, to)
  return written
}

/** The earliest end of the writes that began after a time; Infinity if none did. */
const firstEndAfter = (writes: readonly RegisterWrite[]): ((time: number) => number) => {
  const byBegin = writes.toSorted((a, b) => a.from - b.from)
  const earliest = byBegin.map(({ to }) => to)
  for (let index = earliest.length - 2; index >= 0; index--)
    earliest[index] = Math.min(earliest[index] ?? Infinity, earliest[index + 1] ?? Infinity)
  return (time) => {
    let [low, high] = [0, byBegin.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((byBegin[middle]?.from ?? Infinity) > time) high = middle
      else low = middle + 1
    }
    return earliest[low] ?? Infinity
  }
}
