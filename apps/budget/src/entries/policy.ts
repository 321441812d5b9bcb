import { entriesRoot, entryKey, parseEntry, placeOf, removed } from './entry.ts'
import type { Change, Place, Policy, Verdict } from '@grapevine/koa'
import type * as Y from 'yjs'
import type { Budgets } from './budgets.ts'

/**
 * Members may add well-formed entries under keys that hold nothing yet, and remove entries by a fact that says
 * so; the content goes with that fact and never without it. So no merge loses an entry, and none revives one.
 */
export const entriesPolicy =
  (map: Y.Map<unknown>, budgets: Pick<Budgets, 'isRemoved'>): Policy =>
  (change) => {
    const problem = objection(map, budgets, change)
    return problem === undefined ? { verdict: 'accept' } : refuse(problem)
  }

const objection = (
  map: Y.Map<unknown>,
  budgets: Pick<Budgets, 'isRemoved'>,
  change: Change,
): string | undefined => {
  if (change.others > 0) return 'an entry is only added or removed'
  const gone = new Set<string>()
  for (const { root, key, value } of change.entries) {
    const place = root === entriesRoot ? placeOf(key) : undefined
    if (place === undefined) return 'not the key of an entry'
    if (!isWellFormed(place.kind, value)) return 'not an entry within the bounds'
    if (map.has(key) && !isSame(map.get(key), value)) return 'an entry is never overwritten'
    if (place.kind === 'removal') gone.add(entryKey(place.user, place.entry))
  }
  const isRemoved = (key: string): boolean => gone.has(key) || budgets.isRemoved(key)
  const unexplained = [...change.deletions, ...liveTombstones(map, change)].some(
    ({ root, key }) => root !== entriesRoot || placeOf(key)?.kind !== 'entry' || !isRemoved(key),
  )
  return unexplained ? 'content goes only with the fact that the entry was removed' : undefined
}

/**
 * What arrives deleted already names an entry that nobody has any more, often before the fact that explains it.
 * It is held to the rule only where it would hide something.
 */
const liveTombstones = (map: Y.Map<unknown>, { tombstones = [] }: Change): readonly Place[] =>
  tombstones.filter(({ root, key }) => root !== entriesRoot || map.has(key))

const isWellFormed = (kind: 'entry' | 'removal', value: unknown): boolean =>
  kind === 'entry' ? parseEntry(value) !== undefined : value === removed

const isSame = (known: unknown, value: unknown): boolean => JSON.stringify(known) === JSON.stringify(value)

const refuse = (reason: string): Verdict => ({ verdict: 'refuse', reason })
