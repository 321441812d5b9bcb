import type { Entry, SetOperation } from './history.ts'
import { quantilesOf, type Quantiles } from './quantiles.ts'

/** What became of the elements that were added to a set. After Jepsen's `set-full`. */
export interface SetVerdict {
  readonly attempted: number
  readonly acknowledged: number
  /** Acknowledged, and absent from a last read of some node. */
  readonly lost: readonly string[]
  /** Acknowledged, and absent from a read that began later, though seen by all last reads. With replication that is not
   * synchronous this is no defect but a figure; `stability` says for how long. */
  readonly stale: readonly string[]
  /** Seen, though nobody tried to add it, or the answer had said that it was not added. */
  readonly phantom: readonly string[]
  /** More than once in one read. */
  readonly doubled: readonly string[]
  /** Not acknowledged, but there: the answer got lost, the element did not. */
  readonly recovered: readonly string[]
  /** From the acknowledgement of an element to the end of the last read that missed it; 0 if none did. Of what is not lost. */
  readonly stability: Quantiles
  /** Lost, phantom or doubled elements make it bad; stale ones do not. */
  readonly verdict: 'good' | 'bad' | 'nothing to judge'
}

type Read = Entry<Extract<SetOperation, { kind: 'read' }>>
type Add = Entry<Extract<SetOperation, { kind: 'add' }>>

/** Judges a history. Every node should be read once more when all is quiet: lost is what these reads miss. */
export function checkSet(history: readonly Entry<SetOperation>[]): SetVerdict {
  const adds = history.filter((entry): entry is Add => entry.kind === 'add')
  const reads = history.filter((entry): entry is Read => entry.kind === 'read' && entry.outcome === 'ok')
  const seen = reads.map((read) => ({ ...read, has: new Set(read.elements) }))
  const lastReads = [...new Map(seen.map((read) => [read.node, read])).values()]
  const acknowledged = adds.filter(({ outcome }) => outcome === 'ok')
  const missedUntil = new Map(
    acknowledged.map(({ element, to }) => {
      const missing = seen.filter((read) => read.from >= to && !read.has.has(element))
      return [element, missing.length === 0 ? 0 : Math.max(...missing.map((read) => read.to)) - to]
    }),
  )
  const isLost = ({ element, to }: Add): boolean =>
    lastReads.some((read) => read.from >= to && !read.has.has(element))
  const lost = acknowledged.filter(isLost).map(({ element }) => element)
  const kept = acknowledged.filter((add) => !isLost(add)).map(({ element }) => element)
  const phantom = phantoms(adds, reads)
  const doubled = [...new Set(reads.flatMap(({ elements }) => twice(elements)))]
  const unknown = adds.filter(({ outcome }) => outcome === 'unknown').map(({ element }) => element)
  const bad = lost.length + phantom.length + doubled.length > 0

  return {
    attempted: adds.length,
    acknowledged: acknowledged.length,
    lost,
    stale: kept.filter((element) => (missedUntil.get(element) ?? 0) > 0),
    phantom,
    doubled,
    recovered: unknown.filter((element) => lastReads.some((read) => read.has.has(element))),
    stability: quantilesOf(kept.map((element) => missedUntil.get(element) ?? 0)),
    verdict: bad ? 'bad' : acknowledged.length === 0 || reads.length === 0 ? 'nothing to judge' : 'good',
  }
}

function phantoms(adds: readonly Add[], reads: readonly Read[]): string[] {
  const possible = new Set(adds.filter(({ outcome }) => outcome !== 'failed').map(({ element }) => element))
  const began = new Map(adds.map(({ element, from }) => [element, from]))
  const isPhantom = (element: string, read: Read): boolean =>
    !possible.has(element) || (began.get(element) ?? Infinity) > read.to
  return [...new Set(reads.flatMap((read) => read.elements.filter((element) => isPhantom(element, read))))]
}

function twice(elements: readonly string[]): string[] {
  const seen = new Set<string>()
  return elements.filter((element) => seen.has(element) || !seen.add(element))
}
