/** The well-formed facts of the document, by user. Whatever else lies in the map is not there for us. */
import type * as Y from 'yjs'
import { parseFact, parseFactKey } from './fact.ts'
import type { Fact } from './fact.ts'
import type { RecordedFact } from './fold.ts'
import type { Stamp } from '../clock/stamp.ts'

export interface Ledger {
  /** Reads a key of the map again. Returns the user concerned, or `undefined` when nothing changed. */
  reread(key: string): string | undefined
  facts(user: string): readonly RecordedFact[]
  /** The greatest stamp of the user's facts. */
  latest(user: string): Stamp | undefined
}

export function createLedger(map: Y.Map<unknown>, onFact: (fact: Fact) => void): Ledger {
  const byUser = new Map<string, RecordedFact[]>()

  function reread(key: string): string | undefined {
    const where = parseFactKey(key)
    if (where === undefined) return undefined
    const fact = read(map, key, where.user)
    const known = byUser.get(where.user)?.find(({ id }) => id === where.fact)
    if (known?.fact === fact) return undefined
    if (known !== undefined) forget(where.user, known)
    if (fact !== undefined) remember(where.user, { id: where.fact, fact })
    return where.user
  }

  function remember(user: string, recorded: RecordedFact): void {
    const facts = byUser.get(user)
    if (facts === undefined) byUser.set(user, [recorded])
    else facts.push(recorded)
    onFact(recorded.fact)
  }

  /** Only for a document that was changed past the guard: we follow what it holds now. */
  function forget(user: string, recorded: RecordedFact): void {
    byUser.set(
      user,
      facts(user).filter((each) => each !== recorded),
    )
  }

  function facts(user: string): readonly RecordedFact[] {
    return byUser.get(user) ?? []
  }

  function latest(user: string): Stamp | undefined {
    let last: Stamp | undefined
    for (const { fact } of facts(user)) if (last === undefined || fact.at > last) last = fact.at
    return last
  }

  return { reread, facts, latest }
}

function read(map: Y.Map<unknown>, key: string, user: string): Fact | undefined {
  const parsed = parseFact(map.get(key))
  return parsed.kind === 'fact' && parsed.fact.user === user ? parsed.fact : undefined
}
