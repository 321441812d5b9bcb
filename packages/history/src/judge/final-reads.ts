import { InvalidOptionError } from '@grapevine/std'
import type { Outcome } from '../history.ts'

interface Timed {
  readonly kind: string
  readonly node: string
  readonly from: number
  readonly to: number
  readonly outcome: Outcome
}

/** The reads by which is judged what there is at the end. */
export interface FinalReads<R> {
  /** Of each node the last that was tried, if it began when all was quiet and has an answer. */
  readonly ofNodes: readonly R[]
  /** These, and of all reads with an answer the last that began, if all was quiet: see `finalReads`. */
  readonly all: ReadonlySet<R>
}

/**
 * Only what began after the last write had ended can show what is lost: an earlier read of a node that has died since
 * says nothing of the end. If a node had an answer then, and none when it was asked again, that answer counts just as
 * long as nobody was read after it, which is the rule of Jepsen's `set-full`.
 */
export const finalReads = <R extends Timed>(reads: readonly R[], quietSince: number): FinalReads<R> => {
  const lastOfNode = new Map<string, R>()
  let newest: R | undefined
  for (const read of reads) {
    const last = lastOfNode.get(read.node)
    if (last === undefined || read.from >= last.from) lastOfNode.set(read.node, read)
    if (read.outcome === 'ok' && read.from >= (newest?.from ?? -Infinity)) newest = read
  }
  const isFinal = (read: R): boolean => read.outcome === 'ok' && read.from > quietSince
  const ofNodes = [...lastOfNode.values()].filter(isFinal)
  const all = new Set(newest !== undefined && isFinal(newest) ? [...ofNodes, newest] : ofNodes)
  return { ofNodes, all }
}

/** When the last write ended that may have been done. Of one without an end, its beginning: nobody waits for it. */
export const quietSince = (writes: readonly Timed[]): number =>
  writes.reduce(
    (latest, { from, to, outcome }) =>
      outcome === 'failed' ? latest : Math.max(latest, to === Infinity ? from : to),
    -Infinity,
  )

/** Nodes that occur in a history, and of which there is no final read. */
export const unreadNodes = (history: readonly Timed[], final: readonly Timed[]): string[] => {
  const read = new Set(final.map(({ node }) => node))
  return [...new Set(history.map(({ node }) => node))].filter((node) => !read.has(node))
}

/** A history whose times are none would be judged as good, as no comparison with NaN is true. */
export const checkTimes = (history: readonly Timed[]): void => {
  for (const [index, { kind, from, to, outcome }] of history.entries()) {
    const pending = to === Infinity && outcome === 'unknown'
    if (!Number.isFinite(from) || !(from <= to) || (to === Infinity && !pending))
      throw new InvalidOptionError(
        `history[${index}]`,
        `from ${from} to ${to} (${kind}, ${outcome})`,
        'from a finite time to the same or a later one, or to Infinity if its outcome is unknown',
      )
  }
}
