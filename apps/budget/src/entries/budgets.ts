import { hashOf, keyOf, type Fact, type FactSet } from '@grapevine/koa'
import { parseEntryFact, type Entry } from './entry.ts'

/** What one person has, oldest entry first. */
export interface Budget {
  readonly entries: readonly Entry[]
  /** Minor units. */
  readonly total: number
}

/** Everybody's entries in memory, following the set of facts. */
export interface Budgets {
  of(user: string): Budget
  close(): void
}

interface Kept {
  readonly entries: Map<string, Entry>
  /** Ids of what was removed, also of what has not arrived yet. */
  readonly removed: Set<string>
}

/** Reads each fact once; what it does not understand it does not show. */
export const followBudgets = (set: FactSet): Budgets => {
  const byUser = new Map<string, Kept>()

  const take = (fact: Fact): void => {
    const content = fact.mark === '.' ? parseEntryFact(fact.text) : undefined
    if (content === undefined) return
    const kept = byUser.get(fact.subject) ?? { entries: new Map(), removed: new Set() }
    byUser.set(fact.subject, kept)
    const id = content.kind === 'removed' ? content.entry : hashOf(keyOf(fact))
    if (content.kind === 'removed') kept.removed.add(id)
    else kept.entries.set(id, Object.freeze({ id, ...content }))
    if (kept.removed.has(id)) kept.entries.delete(id)
  }

  for (const key of set.facts.keys()) {
    const fact = set.fact(key)
    if (fact !== undefined) take(fact)
  }
  const unfollow = set.onChange(({ added, erased }) => {
    added.forEach(take)
    for (const user of erased) byUser.delete(user)
  })

  return {
    of: (user) => {
      const entries = [...(byUser.get(user)?.entries.values() ?? [])].sort(byTime)
      return { entries, total: entries.reduce((sum, { amount }) => sum + amount, 0) }
    },
    close: unfollow,
  }
}

/** The id settles what two clocks leave open, the same on every node. */
const byTime = (one: Entry, other: Entry): number =>
  one.at - other.at || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0)
