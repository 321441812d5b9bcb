import { entryKey, parseEntry, placeOf, type Entry } from './entry.ts'
import type * as Y from 'yjs'

/** What one person has, oldest entry first. */
export interface Budget {
  readonly entries: readonly Entry[]
  /** Minor units. */
  readonly total: number
}

/** Everybody's entries in memory, following the document. */
export interface Budgets {
  of(user: string): Budget
  /** Whether the entry under the key was ever removed, as far as is known here. */
  isRemoved(key: string): boolean
  close(): void
}

/** Reads each key that changes again; whatever is malformed is not there for us. */
export const followBudgets = (map: Y.Map<unknown>): Budgets => {
  const byUser = new Map<string, Map<string, Entry>>()
  const gone = new Set<string>()

  const reread = (key: string): void => {
    const place = placeOf(key)
    if (place === undefined) return
    const { user, entry } = place
    const where = entryKey(user, entry)
    if (place.kind === 'removal' && map.has(key)) gone.add(where)
    const content = gone.has(where) ? undefined : parseEntry(map.get(where))
    const entries = byUser.get(user) ?? new Map<string, Entry>()
    if (content === undefined) entries.delete(entry)
    else entries.set(entry, Object.freeze({ id: entry, ...content }))
    if (entries.size === 0) byUser.delete(user)
    else byUser.set(user, entries)
  }

  const observer = ({ keysChanged }: Y.YMapEvent<unknown>): void => keysChanged.forEach(reread)
  for (const key of map.keys()) reread(key)
  map.observe(observer)

  return {
    of: (user) => {
      const entries = [...(byUser.get(user)?.values() ?? [])].sort(byTime)
      return { entries, total: entries.reduce((sum, { amount }) => sum + amount, 0) }
    },
    isRemoved: (key) => gone.has(key),
    close: () => map.unobserve(observer),
  }
}

/** The id settles what two clocks leave open, the same on every node. */
const byTime = (one: Entry, other: Entry): number =>
  one.at - other.at || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
