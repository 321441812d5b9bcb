import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSet } from './check-set.ts'
import type { Entry, Outcome, SetOperation } from '../history.ts'

type E = Entry<SetOperation>
type Add = Extract<E, { kind: 'add' }>
type Read = Extract<E, { kind: 'read' }>

const elementNames = ['x', 'y', 'z']
const outcome = fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'unknown', 'failed')
const span = fc
  .tuple(fc.nat(60), fc.nat(20), fc.constantFrom('a', 'b', 'c'), outcome)
  .map(([from, lasts, node, outcome]) => ({ node, from, to: from + lasts, outcome }))
const add = fc
  .tuple(fc.constantFrom(...elementNames), span)
  .map(([element, span]): Add => ({ kind: 'add', element, ...span }))
const seen = fc.array(fc.constantFrom(...elementNames), { maxLength: 4 })
const read = fc.tuple(seen, span).map(([elements, span]): Read => ({ kind: 'read', elements, ...span }))
/** No two begin at one instant, as it would not be defined then which read is the last. */
const apart = (entries: readonly E[], by = 0): E[] =>
  entries.map((entry, index) => ({
    ...entry,
    from: entry.from + by + index / 64,
    to: entry.to + by + index / 64,
  }))
const history = fc.array<E>(fc.oneof(add, read), { maxLength: 14 }).map((entries) => apart(entries))
const ends = fc.array<E>(read, { maxLength: 4 }).map((entries) => apart(entries, 90.5))

/** The adds and reads of a history, and what the definition of `set-full` speaks of, word by word and one by one. */
const terms = (history: readonly E[]) => {
  const adds = history.filter((entry): entry is Add => entry.kind === 'add' && entry.outcome !== 'failed')
  const tried = history.filter((entry): entry is Read => entry.kind === 'read')
  const reads = tried.filter(({ outcome }) => outcome === 'ok')
  const addsOf = (element: string): Add[] => adds.filter((add) => add.element === element)
  /** "The completion time of the add, or first read, whichever is earlier." */
  const known = (element: string): number =>
    Math.min(
      ...addsOf(element).flatMap(({ outcome, to }) => (outcome === 'ok' ? [to] : [])),
      ...reads.filter((read) => observes(read, element)).map(({ to }) => to),
    )
  /** A read before anybody began to add it observes a phantom. */
  const observes = (read: Read, element: string): boolean =>
    read.elements.includes(element) && addsOf(element).some(({ from }) => from <= read.to)
  const counts = (element: string): Read[] => reads.filter((read) => read.from > known(element))
  return { adds, tried, reads, addsOf, known, observes, counts }
}

/** "The time after which no operation observes that element", and some read does not. */
const isLostInSetFull = (history: readonly E[], element: string): boolean => {
  const { reads, observes, counts } = terms(history)
  return counts(element).some(
    (absent) =>
      !observes(absent, element) &&
      !reads.some((read) => read.from >= absent.from && observes(read, element)),
  )
}

/** "The time after which every read which begins observes the element." The first such; Infinity if there is none. */
const stableTime = (history: readonly E[], element: string): number => {
  const { reads, known, observes, counts } = terms(history)
  const holdsAfter = (time: number): boolean =>
    counts(element).every((read) => read.from <= time || observes(read, element)) &&
    reads.some((read) => read.from >= time && observes(read, element))
  const holdsFromStart = counts(element).every((read) => observes(read, element))
  if (holdsFromStart && reads.some((read) => observes(read, element))) return known(element)
  return Math.min(
    ...counts(element)
      .map(({ from }) => from)
      .filter(holdsAfter),
  )
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].toSorted()

test('what one node is read of at the end is judged as set-full defines it', () => {
  fc.assert(
    fc.property(history, seen, (middle, last) => {
      const end: E = { kind: 'read', elements: last, node: 'a', from: 100, to: 101, outcome: 'ok' }
      const one = [...middle.map((entry) => ({ ...entry, node: 'a' })), end]
      const verdict = checkSet(one)
      const { known } = terms(one)
      const stable = elementNames.filter((element) => stableTime(one, element) < Infinity)
      const late = (element: string): number => stableTime(one, element) - known(element)
      expect(sorted(verdict.lost)).toEqual(elementNames.filter((element) => isLostInSetFull(one, element)))
      expect(sorted(verdict.stale)).toEqual(stable.filter((element) => late(element) > 0))
      expect(verdict.stability.count).toBe(stable.length)
      expect(verdict.stability.max).toBe(Math.max(0, ...stable.map(late)))
      expect(verdict.neverRead).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('of many nodes, what a node misses that was read when all was quiet is lost too, and nothing else', () => {
  fc.assert(
    fc.property(history, ends, (middle, ends) => {
      const all = [...middle, ...ends]
      const { reads, adds, known, observes } = terms(all)
      const isQuiet = (read: Read): boolean => adds.every(({ to }) => to < read.from)
      const ending = endingOf(all).filter(isQuiet)
      const misses = (element: string): boolean =>
        ending.some((read) => read.from > known(element) && !observes(read, element))
      const newest = reads
        .toSorted((a, b) => a.from - b.from)
        .slice(-1)
        .filter(isQuiet)
      const isGone = (element: string): boolean => newest.length > 0 && isLostInSetFull(all, element)
      const verdict = checkSet(all)
      expect(sorted(verdict.lost)).toEqual(
        elementNames.filter((element) => misses(element) || isGone(element)),
      )
      const unread = all.filter(({ node }) => !ending.some((read) => read.node === node))
      expect(sorted(verdict.unread)).toEqual(sorted(unread.map(({ node }) => node)))
    }),
    { numRuns: 500 },
  )
})

test('what is phantom, doubled, never read and good is as its definition says', () => {
  fc.assert(
    fc.property(history, ends, (middle, ends) => {
      const all = [...middle, ...ends]
      const { reads, adds, addsOf, observes } = terms(all)
      const count = (read: Read, element: string): number =>
        read.elements.filter((other) => other === element).length
      const phantom = elementNames.filter((element) =>
        reads.some((read) => read.elements.includes(element) && !observes(read, element)),
      )
      const doubled = elementNames.filter((element) => reads.some((read) => count(read, element) > 1))
      const neverRead = elementNames.filter((element) => {
        const ends = addsOf(element).flatMap(({ outcome, to }) => (outcome === 'ok' ? [to] : []))
        return ends.length > 0 && !reads.some(({ from }) => from > Math.min(...ends))
      })
      const verdict = checkSet(all)
      const isBad = [...verdict.lost, ...phantom, ...doubled].length > 0
      const isRead = endingOf(all).some((read) => adds.every(({ to }) => to < read.from))
      const stable = elementNames.filter(
        (element) =>
          stableTime(all, element) < Infinity && ![...verdict.lost, ...neverRead].includes(element),
      )
      expect(verdict.stability.count).toBe(stable.length)
      expect([verdict.phantom, verdict.doubled, verdict.neverRead].map(sorted)).toEqual([
        phantom,
        doubled,
        neverRead,
      ])
      expect(verdict.verdict).toBe(isBad ? 'bad' : isRead && stable.length > 0 ? 'good' : 'unknown')
      expect(verdict.verdict === 'good' ? neverRead : []).toEqual([])
    }),
    { numRuns: 500 },
  )
})

/** The last read that was tried of each node, if it has an answer. */
const endingOf = (history: readonly E[]): Read[] => {
  const { tried } = terms(history)
  return tried.filter(
    (read) =>
      read.outcome === 'ok' &&
      tried.every((other) => other.node !== read.node || other === read || other.from < read.from),
  )
}
