/** The well-formed facts of the document, by user. Whatever else lies in the map is not there for us. */
import { keyOf, parseFact, parseFactKey } from './fact.ts'
import type { Fact, RecordedFact } from './fact.ts'
import type { Stamp } from '../clock/stamp.ts'

export interface Ledger {
  /** Reads a key of the map again. Returns the user concerned, or `undefined` when nothing changed. */
  reread(key: string): string | undefined
  facts(user: string): readonly RecordedFact[]
  /** The greatest stamp of the user's facts. */
  latest(user: string): Stamp | undefined
  isErased(user: string): boolean
  /** Keys of what an erasure leaves no reason to keep: every fact of an erased user but the erasures. */
  spent(user: string): readonly string[]
  /** All facts, those of one user together. Follows what changes meanwhile. */
  all(): Iterable<RecordedFact>
  /** Number of facts. */
  readonly size: number
}

export interface LedgerSource {
  get(key: string): unknown
}

export function createLedger(map: LedgerSource, onFact: (fact: Fact) => void): Ledger {
  const byUser = new Map<string, readonly RecordedFact[]>()
  let size = 0

  function reread(key: string): string | undefined {
    const where = parseFactKey(key)
    if (where === undefined) return undefined
    const fact = read(map, key, where.user)
    const known = facts(where.user).find(({ id }) => id === where.fact)
    if (known?.fact === fact) return undefined
    if (known !== undefined) forget(where.user, known)
    if (fact !== undefined) remember(where.user, { id: where.fact, fact })
    return where.user
  }

  function remember(user: string, recorded: RecordedFact): void {
    byUser.set(user, [...facts(user), recorded])
    size += 1
    onFact(recorded.fact)
  }

  /** Purged; or deleted past the guard, and then we follow what the document holds now. */
  function forget(user: string, recorded: RecordedFact): void {
    const rest = facts(user).filter((each) => each !== recorded)
    if (rest.length === 0) byUser.delete(user)
    else byUser.set(user, rest)
    size -= 1
  }

  function facts(user: string): readonly RecordedFact[] {
    return byUser.get(user) ?? []
  }

  function latest(user: string): Stamp | undefined {
    let last: Stamp | undefined
    for (const { fact } of facts(user)) if (last === undefined || fact.at > last) last = fact.at
    return last
  }

  function isErased(user: string): boolean {
    return facts(user).some(({ fact }) => fact.kind === 'erased')
  }

  function spent(user: string): readonly string[] {
    if (!isErased(user)) return []
    return facts(user)
      .filter(({ fact }) => fact.kind !== 'erased')
      .map(keyOf)
  }

  function* all(): Generator<RecordedFact> {
    for (const each of byUser.values()) yield* each
  }

  return {
    reread,
    facts,
    latest,
    isErased,
    spent,
    all,
    get size() {
      return size
    },
  }
}

function read(map: LedgerSource, key: string, user: string): Fact | undefined {
  const parsed = parseFact(map.get(key))
  return parsed.kind === 'fact' && parsed.fact.user === user ? parsed.fact : undefined
}
