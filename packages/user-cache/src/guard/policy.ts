/** What another member may do to the users: insert well-formed facts under new keys, and nothing else. */
import type * as Y from 'yjs'
import { parseFact, parseFactKey } from '../facts/fact.ts'
import type { Fact } from '../facts/fact.ts'
import { sameFlat } from '../flat.ts'

export const USERS_ROOT = 'users'

/** What a foreign update would newly set and delete in the maps of the document. */
export interface Change {
  readonly entries: readonly { readonly root: string; readonly key: string; readonly value: unknown }[]
  readonly deletions: readonly { readonly root: string; readonly key: string }[]
}

/** The reason is for a log: it shows no key and no value. */
export type Verdict = { readonly verdict: 'accept' } | { readonly verdict: 'refuse'; readonly reason: string }

export type Policy = (change: Change) => Verdict

export function createPolicy(map: Y.Map<unknown>): Policy {
  return ({ entries, deletions }) => {
    if (deletions.length > 0) return refuse('no fact about a user is ever deleted')
    const inserted = new Map<string, Fact>()
    for (const entry of entries) {
      const why = objection(entry, map, inserted)
      if (why !== undefined) return refuse(why)
    }
    return { verdict: 'accept' }
  }
}

function objection(
  { root, key, value }: Change['entries'][number],
  map: Y.Map<unknown>,
  inserted: Map<string, Fact>,
): string | undefined {
  if (root !== USERS_ROOT) return `an entry is outside the root "${USERS_ROOT}"`
  const parsed = parseFact(value)
  if (parsed.kind === 'malformed') return parsed.why
  if (parseFactKey(key)?.user !== parsed.fact.user) return 'the key of a fact is not "<its user>/<an id>"'
  if (overwrites(key, parsed.fact, map, inserted)) return 'a fact is never overwritten'
  inserted.set(key, parsed.fact)
  return undefined
}

function overwrites(
  key: string,
  fact: Fact,
  map: Y.Map<unknown>,
  inserted: ReadonlyMap<string, Fact>,
): boolean {
  const earlier = inserted.get(key)
  if (earlier !== undefined && !sameFlat(earlier, fact)) return true
  if (!map.has(key)) return false
  const known = parseFact(map.get(key))
  return known.kind === 'malformed' || !sameFlat(known.fact, fact)
}

function refuse(reason: string): Verdict {
  return { verdict: 'refuse', reason }
}
