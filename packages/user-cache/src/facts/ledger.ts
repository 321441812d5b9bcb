/**
 * The well-formed facts of the document, by user. Whatever else lies in the map is not there for us.
 *
 * Of nearly every user one fact is known. It is kept as the document keeps it, with the document's own key, and by
 * itself: a list, or a text of one's own per user, is felt with a million of them.
 */
import { isFactKeyOf, parseFact } from './fact.ts'
import type { Fact, RecordedFact } from './fact.ts'
import { idLength } from './id.ts'
import type { Stamp } from '../clock/stamp.ts'

export interface Ledger {
  /** Reads a key of the map again, and says so before the facts of a user change. */
  reread(key: string, changing: (user: string) => void): void
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

interface Kept {
  readonly key: string
  readonly fact: Fact
}

type Held = Kept | readonly Kept[]

const nothing: readonly never[] = Object.freeze([])

export const createLedger = (map: LedgerSource, onFact: (fact: Fact) => void): Ledger => {
  const byUser = new Map<string, Held>()
  let size = 0

  const reread = (key: string, changing: (user: string) => void): void => {
    // As `read` has it: a fact lies under a key of its user.
    const user = key.slice(0, idLength)
    const held = byUser.get(user)
    const known = held === undefined ? undefined : listed(held).find((each) => each.key === key)
    const value = map.get(key)
    // Of what is written here the document tells once more: that is not worth a second reading.
    if (known?.fact === value) return
    const fact = read(value, key)
    if (known?.fact === fact) return
    changing(user)
    const rest = known === undefined ? held : forget(user, known)
    if (fact !== undefined) remember(user, rest, { key, fact })
  }

  const remember = (user: string, held: Held | undefined, each: Kept): void => {
    byUser.set(user, held === undefined ? each : [...listed(held), each])
    size += 1
    onFact(each.fact)
  }

  /** Purged; or deleted past the guard, and then we follow what the document holds now. Returns what is left. */
  const forget = (user: string, gone: Kept): Held | undefined => {
    const rest = listed(byUser.get(user)).filter((each) => each !== gone)
    size -= 1
    if (rest.length > 0) {
      byUser.set(user, rest)
      return rest
    }
    byUser.delete(user)
    return undefined
  }

  const facts = (user: string): readonly RecordedFact[] => {
    const held = byUser.get(user)
    if (held === undefined) return nothing
    return 'fact' in held ? [recorded(held)] : held.map(recorded)
  }

  const latest = (user: string): Stamp | undefined => {
    let last: Stamp | undefined
    for (const { fact } of listed(byUser.get(user))) if (last === undefined || fact.at > last) last = fact.at
    return last
  }

  const isErased = (user: string): boolean => {
    const held = byUser.get(user)
    if (held === undefined) return false
    return 'fact' in held ? isErasure(held) : held.some(isErasure)
  }

  const spent = (user: string): readonly string[] => {
    if (!isErased(user)) return nothing
    return listed(byUser.get(user))
      .filter((each) => !isErasure(each))
      .map(({ key }) => key)
  }

  const all = function* (): Generator<RecordedFact> {
    for (const held of byUser.values()) for (const each of listed(held)) yield recorded(each)
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

const listed = (held: Held | undefined): readonly Kept[] => {
  if (held === undefined) return nothing
  return 'fact' in held ? [held] : held
}

const isErasure = ({ fact }: Kept): boolean => fact.kind === 'erased'

const recorded = ({ key, fact }: Kept): RecordedFact => ({ id: key.slice(fact.user.length + 1), fact })

/** A fact that lies under a key of its user. */
const read = (value: unknown, key: string): Fact | undefined => {
  const parsed = parseFact(value)
  if (parsed.kind === 'malformed') return undefined
  return isFactKeyOf(key, parsed.fact.user) ? parsed.fact : undefined
}
