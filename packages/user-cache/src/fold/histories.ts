/**
 * The histories of those of whom more than one fact is known; each takes in one more fact by itself. Of nearly every user
 * one fact is known, and nothing is kept for them here.
 */
import { keyOf, subjectOf, type Change, type Fact as HeldFact, type FactSet } from '@grapevine/facts'
import type { RecordedFact } from '../facts/fact.ts'
import { addFact, emptyHistory, type History, type Register } from './history.ts'
import { hashOf, type Reader } from './reader.ts'

export interface Histories {
  /** `undefined`: nobody, or somebody of whom one fact is known. */
  get(id: string): History | undefined
  /** Of whom something is known in this register. */
  with(register: Register): readonly string[]
  /** Folds all that the set holds. @returns the subjects */
  load(): Iterable<string>
  /**
   * Folds what was taken in, and forgets who was erased.
   *
   * @param changing is told of each subject, before it changes
   */
  take(change: Change, changing: (id: string) => void): void
}

export const createHistories = (facts: FactSet, reader: Reader): Histories => {
  const histories = new Map<string, History>()

  const takeOf = (id: string, added: readonly HeldFact[], changing: (id: string) => void): void => {
    const all = facts.of(id)
    const fresh = all.length === added.length ? all : added.map(keyOf)
    const former = histories.get(id) ?? formerOf(id, all, fresh)
    if (former !== undefined) histories.set(id, former)
    changing(id)
    if (former !== undefined) add(reader, id, former, reader.all(id, fresh))
    else if (all.length > 1) histories.set(id, folded(reader, id, reader.of(id)))
  }

  /** Of whom one fact was known, and now more are. */
  const formerOf = (id: string, all: readonly string[], fresh: readonly string[]): History | undefined => {
    if (all.length === fresh.length) return undefined
    const isFresh = new Set(fresh)
    const known = all.filter((key) => !isFresh.has(key))
    return folded(reader, id, reader.all(id, known), fresh)
  }

  return {
    get: (id) => histories.get(id),
    with: (register) =>
      [...histories].flatMap(([id, { heads }]) => (heads[register] === undefined ? [] : [id])),
    load: function* () {
      for (const key of facts.facts.keys()) {
        const id = subjectOf(key)
        if (histories.has(id)) continue
        if (facts.of(id).length > 1) histories.set(id, folded(reader, id, reader.of(id)))
        yield id
      }
    },
    take: ({ added, erased }, changing) => {
      for (const id of erased) {
        changing(id)
        histories.delete(id)
      }
      for (const [id, ofUser] of bySubject(added)) takeOf(id, ofUser, changing)
    },
  }
}

/** @param coming keys of facts that are in the set, and are to be added after these */
export const folded = (
  reader: Reader,
  id: string,
  recorded: readonly RecordedFact[],
  coming: readonly string[] = [],
): History => {
  const history = emptyHistory()
  add(reader, id, history, recorded, coming)
  return history
}

/** Adds facts in whatever order: what is in the set and not added yet has not arrived. */
const add = (
  reader: Reader,
  id: string,
  history: History,
  recorded: readonly RecordedFact[],
  coming: readonly string[] = [],
): void => {
  const waiting = new Set([...coming.map(hashOf), ...recorded.map(({ hash }) => hash)])
  const hasArrived = (hash: string): boolean => !waiting.has(hash) && reader.holds(id, hash)
  for (const each of recorded) {
    addFact(history, each, hasArrived)
    waiting.delete(each.hash)
  }
}

const bySubject = (added: readonly HeldFact[]): ReadonlyMap<string, readonly HeldFact[]> => {
  const found = new Map<string, HeldFact[]>()
  for (const fact of added) {
    if (fact.mark === '!') continue
    const ofUser = found.get(fact.subject)
    if (ofUser === undefined) found.set(fact.subject, [fact])
    else ofUser.push(fact)
  }
  return found
}
