/**
 * What another member may do to the users: insert well-formed facts under new keys, purge whom an `erased` fact
 * names, and nothing else.
 *
 * A tombstone is an entry that arrives deleted, its content collected: whoever was away while a user was purged
 * gets these instead of facts that nobody has any more. It names its key, but often comes before the `erased`
 * fact that explains it, so no reason can be asked of it. None is needed: it creates no entry, and one that
 * would hide an entry, known here or in the same change, is held to the rule for deletions.
 */
import { parseFact, parseFactKey } from '../facts/fact.ts'
import type { Fact } from '../facts/fact.ts'
import { usersRoot } from '../facts/fact-store.ts'
import type { FactStore } from '../facts/fact-store.ts'
import { sameFlat } from '../flat.ts'

/** What a foreign update would do to the document. */
export interface Change {
  /** Entries of root maps that it would set. */
  readonly entries: readonly Entry[]
  /** Live entries of root maps, or entries of this change, that it would delete. */
  readonly deletions: readonly Place[]
  /** Root map entries that arrive deleted. A guard that does not name them counts them among the others. */
  readonly tombstones?: readonly Place[]
  /** Anything else: text, lists, nested types, replaced entries, deletions of what has not arrived. */
  readonly others: number
}

interface Place {
  readonly root: string
  readonly key: string
}

interface Entry extends Place {
  readonly value: unknown
}

/** The reason is for a log: it shows no key and no value. */
export type Verdict = { readonly verdict: 'accept' } | { readonly verdict: 'refuse'; readonly reason: string }

export type Policy = (change: Change) => Verdict

type Store = Pick<FactStore, 'has' | 'get' | 'isErased' | 'state'>

export const createPolicy =
  (store: Store): Policy =>
  (change) => {
    const reason = store.state === 'closed' ? 'the user cache is closed' : objection(store, change)
    return reason === undefined ? { verdict: 'accept' } : { verdict: 'refuse', reason }
  }

/** What the document would hold with the entries of the change; `undefined` under a key: nothing well-formed. */
interface Outlook {
  has(key: string): boolean
  get(key: string): Fact | undefined
  isErased(user: string): boolean
}

const objection = (store: Store, change: Change): string | undefined => {
  const { entries, deletions, tombstones = [], others } = change
  if (others > 0) return `${others} changes are to something else than a fact; none is allowed`
  const inserted = new Map<string, Fact>()
  const reason = first(entries, (entry) => entryObjection(store, entry, inserted))
  if (reason !== undefined) return reason
  const outlook = outlookOf(store, inserted)
  return (
    first(deletions, (place) => deletionObjection(outlook, place)) ??
    first(tombstones, (place) => tombstoneObjection(outlook, place))
  )
}

const first = <T>(items: readonly T[], judge: (item: T) => string | undefined): string | undefined => {
  for (const item of items) {
    const reason = judge(item)
    if (reason !== undefined) return reason
  }
  return undefined
}

const entryObjection = (
  store: Store,
  { root, key, value }: Entry,
  inserted: Map<string, Fact>,
): string | undefined => {
  if (root !== usersRoot) return `an entry is outside the root "${usersRoot}"`
  const parsed = parseFact(value)
  if (parsed.kind === 'malformed') return parsed.why
  if (parseFactKey(key)?.user !== parsed.fact.user) return 'the key of a fact is not "<its user>/<an id>"'
  if (overwrites(store, key, parsed.fact, inserted)) return 'a fact is never overwritten'
  inserted.set(key, parsed.fact)
  return undefined
}

const overwrites = (store: Store, key: string, fact: Fact, inserted: ReadonlyMap<string, Fact>): boolean => {
  const earlier = inserted.get(key)
  if (earlier !== undefined && !sameFlat(earlier, fact)) return true
  if (!store.has(key)) return false
  const known = store.get(key)
  return known === undefined || !sameFlat(known, fact)
}

const outlookOf = (store: Store, inserted: ReadonlyMap<string, Fact>): Outlook => {
  const erased = new Set<string>()
  for (const { kind, user } of inserted.values()) if (kind === 'erased') erased.add(user)
  return {
    has: (key) => inserted.has(key) || store.has(key),
    get: (key) => inserted.get(key) ?? store.get(key),
    isErased: (user) => erased.has(user) || store.isErased(user),
  }
}

/** Only what the node would purge by itself, as soon as it has taken the change in. */
const deletionObjection = (outlook: Outlook, { root, key }: Place): string | undefined => {
  if (root !== usersRoot) return `a deletion is outside the root "${usersRoot}"`
  const fact = outlook.get(key)
  if (fact === undefined || fact.kind === 'erased' || !outlook.isErased(fact.user)) {
    return 'a fact is deleted only once its user is erased, and an erasure never'
  }
  return undefined
}

const tombstoneObjection = (outlook: Outlook, place: Place): string | undefined => {
  if (place.root !== usersRoot) return `a tombstone is outside the root "${usersRoot}"`
  if (parseFactKey(place.key) === undefined) return 'a tombstone is not under the key of a fact'
  return outlook.has(place.key) ? deletionObjection(outlook, place) : undefined
}
