import * as Y from 'yjs'

/** One update for several. Yjs sorts all of them anew for each struct of the result; so a few at a time. */
export const merged = (updates: readonly Uint8Array[]): Uint8Array => {
  const [first] = updates
  if (first !== undefined && updates.length === 1) return first
  const parts: Uint8Array[] = []
  for (let from = 0; from < updates.length; from += mergedAtOnce)
    parts.push(Y.mergeUpdates(updates.slice(from, from + mergedAtOnce)))
  return merged(parts)
}

const mergedAtOnce = 8

/** No structs and no deletes: two zeros. */
export const isEmpty = (update: Uint8Array): boolean => update.length <= 2
