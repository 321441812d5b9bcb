import { encodeFacts, isErasure, keyOf, subjectOf, type Fact, type FactSet } from '@grapevine/facts'
import { StorageUnavailableError } from '../../errors.ts'
import type { FactJournal, FactRecord } from './journal.ts'

/** Puts on disk what the set takes in, and knows of each key whether it is there. */
export interface Saver {
  /** Whatever the set tells, but for what comes from the disk itself. */
  save(facts: readonly Fact[]): void
  /**
   * Resolves when each key is held and on disk, or its subject is erased and the erasure is on disk.
   *
   * @throws StorageUnavailableError: at least one is not
   */
  saved(keys: readonly string[]): Promise<void>
}

export const createSaver = (set: FactSet, journal: FactJournal): Saver => {
  const underWay = new Map<string, Promise<void>>()

  /** Nobody may wait for it; the journal logs a failure, and owes what failed. */
  const saving = async (records: readonly FactRecord[]): Promise<void> => {
    await journal.save(records).catch(() => undefined)
    for (const { key } of records) underWay.delete(key)
  }
  const check = async (key: string): Promise<void> => {
    const kept = set.isErased(subjectOf(key)) ? set.of(subjectOf(key)).find(isErasure) : key
    if (kept === undefined || !set.holds(kept))
      throw new StorageUnavailableError('not held here, though it was taken in')
    await underWay.get(kept)
    if (journal.owes(kept)) throw new StorageUnavailableError('the disk does not take writes; it is owed')
  }

  return {
    save: (facts) => {
      const records = facts.map((fact) => ({ key: keyOf(fact), bytes: encodeFacts([fact]) }))
      const saved = saving(records)
      for (const { key } of records) underWay.set(key, saved)
    },
    saved: async (keys) => {
      await Promise.all(keys.map(check))
    },
  }
}
