import { keyOf, type FactSet } from '@grapevine/facts'

/** What a change came to. */
export interface Performed<T> {
  readonly value: T
  /** Of the facts that it inserted. */
  readonly keys: readonly string[]
}

/**
 * Runs a change of the set as one transaction.
 *
 * @throws InvalidFactError, if it wrote into the map what is no fact; that was taken out again
 */
export const perform = <T>(set: FactSet, change: () => T): Performed<T> => {
  const keys: string[] = []
  const refusals: unknown[] = []
  const endings = [
    set.onChange(({ added }) => void keys.push(...added.map(keyOf))),
    set.onRefused((error) => void refusals.push(error)),
  ]
  try {
    const value = set.doc.transact(change)
    if (refusals.length > 0) throw refusals[0]
    return { value, keys: keys.filter(set.holds) }
  } finally {
    for (const end of endings) end()
  }
}
