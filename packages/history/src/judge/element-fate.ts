import type { FinalReads } from './final-reads.ts'
import type { Entry, SetOperation } from '../history.ts'

export type SetRead = Entry<Extract<SetOperation, { kind: 'read' }>>
export type SetAdd = Entry<Extract<SetOperation, { kind: 'add' }>>

/** A read that has an answer. */
export interface SetAnswer {
  readonly read: SetRead
  readonly has: ReadonlySet<string>
}

/** The adds of one element that may have been done, as one. */
export interface ElementAdd {
  /** When the first of them began: from then on it may be seen. */
  readonly begunAt: number
  /** The one that was acknowledged first; if none was, the first. */
  readonly add: SetAdd
}

/** What became of one element that somebody tried to add, in the terms of `set-full`. Infinity is never. */
export interface ElementFate {
  readonly element: string
  readonly add: SetAdd
  readonly acknowledgedAt: number
  /** When it was certain to be there: by its acknowledgement, or the end of the first read that had it. */
  readonly knownAt: number
  /** The read that began last of those that had it. */
  readonly seen: SetRead | undefined
  /** The read that began last of those that began after it was known, and missed it. */
  readonly missed: SetRead | undefined
  /** Final reads that began after it was known, and missed it. */
  readonly missing: readonly SetRead[]
}

export const addsOf = (adds: readonly SetAdd[]): Map<string, ElementAdd> => {
  const elements = new Map<string, ElementAdd>()
  for (const add of adds) {
    if (add.outcome === 'failed') continue
    const { begunAt, add: other } = elements.get(add.element) ?? { begunAt: add.from, add }
    const isFirst = add.outcome === 'ok' && (other.outcome !== 'ok' || add.to < other.to)
    elements.set(add.element, { begunAt: Math.min(begunAt, add.from), add: isFirst ? add : other })
  }
  return elements
}

/** Follows each element. It takes as many steps as all reads together have elements. */
export const fatesOf = (
  adds: ReadonlyMap<string, ElementAdd>,
  answers: readonly SetAnswer[],
  final: FinalReads<SetRead>,
): ElementFate[] => {
  const sightings = sightingsOf(adds, answers)
  const newestFirst = answers.toSorted((a, b) => b.read.from - a.read.from)
  const ending = answers.filter(({ read }) => final.all.has(read))
  return [...adds].map(([element, { add }]) => {
    const acknowledgedAt = add.outcome === 'ok' ? add.to : Infinity
    const sighting = sightings.get(element)
    const knownAt = Math.min(acknowledgedAt, sighting?.firstEnd ?? Infinity)
    const misses = ({ read, has }: SetAnswer): boolean => read.from > knownAt && !has.has(element)
    return {
      element,
      add,
      acknowledgedAt,
      knownAt,
      seen: sighting?.last,
      missed: lastThatMissed(element, knownAt, newestFirst),
      missing: ending.filter(misses).map(({ read }) => read),
    }
  })
}

interface ElementSighting {
  readonly firstEnd: number
  readonly last: SetRead
}

const sightingsOf = (
  adds: ReadonlyMap<string, ElementAdd>,
  answers: readonly SetAnswer[],
): Map<string, ElementSighting> => {
  const sightings = new Map<string, ElementSighting>()
  for (const { read, has } of answers)
    for (const element of has) {
      // Seen before anybody began to add it, it is a phantom, and says nothing about the add.
      if (!hasBegun(adds.get(element), read)) continue
      const { firstEnd, last } = sightings.get(element) ?? { firstEnd: Infinity, last: read }
      const sighting = {
        firstEnd: Math.min(firstEnd, read.to),
        last: read.from > last.from ? read : last,
      }
      sightings.set(element, sighting)
    }
  return sightings
}

/** Somebody had begun to add it when the read ended. */
export const hasBegun = (add: ElementAdd | undefined, read: SetRead): boolean =>
  add !== undefined && add.begunAt <= read.to

const lastThatMissed = (
  element: string,
  knownAt: number,
  newestFirst: readonly SetAnswer[],
): SetRead | undefined => {
  const found = newestFirst.find(({ read, has }) => read.from <= knownAt || !has.has(element))
  return found !== undefined && found.read.from > knownAt ? found.read : undefined
}
