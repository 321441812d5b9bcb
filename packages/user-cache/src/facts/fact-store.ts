/** The facts in the document: what is written, what others write, and what an erasure purges. */
import type * as Y from 'yjs'
import { createPurge } from '../erasure/purge.ts'
import { CacheClosedError } from '../errors.ts'
import { keyOf, parseFact } from './fact.ts'
import type { Fact, RecordedFact } from './fact.ts'
import { createLedger } from './ledger.ts'
import type { Ledger } from './ledger.ts'

/** The root map that holds the facts. */
export const usersRoot = 'users'

export interface FactStore extends Pick<Ledger, 'facts' | 'latest' | 'isErased' | 'all' | 'size'> {
  /** Reads what the document holds, and from then on whatever changes. */
  follow(onChange: OnChange): void
  /** Whether anything, well-formed or not, lies under the key. */
  has(key: string): boolean
  /** The well-formed fact under the key. */
  get(key: string): Fact | undefined
  /** @throws `CACHE_CLOSED` */
  insert(facts: readonly RecordedFact[]): void
  /** Runs `change` as one transaction of the document. */
  transact<T>(change: () => T): T
  readonly state: 'open' | 'closed'
  close(): void
}

export interface FactStoreOptions {
  readonly doc: Y.Doc
  /** Each fact, when it becomes known. */
  readonly onFact: (fact: Fact) => void
}

/** Gets the users whose facts have changed, each with the facts as they were. */
type OnChange = (former: ReadonlyMap<string, readonly RecordedFact[]>) => void

export const createFactStore = ({ doc, onFact }: FactStoreOptions): FactStore => {
  const map = doc.getMap<unknown>(usersRoot)
  const ledger = createLedger(map, onFact)
  const purge = createPurge(doc, map)
  let state: FactStore['state'] = 'open'
  let onChange: OnChange = () => undefined

  const absorb = (keys: Iterable<unknown>): void => {
    const former = new Map<string, readonly RecordedFact[]>()
    const changing = (user: string): void => {
      if (!former.has(user)) former.set(user, ledger.facts(user))
    }
    for (const key of keys) if (typeof key === 'string') ledger.reread(key, changing)
    if (former.size === 0) return
    for (const user of former.keys()) purge.condemn(ledger.spent(user))
    onChange(former)
  }

  const insert = (facts: readonly RecordedFact[]): void => {
    if (state === 'closed') throw new CacheClosedError()
    doc.transact(() => {
      for (const recorded of facts) set(recorded)
    })
    // At once, not only when observed: the caller may be within a transaction of its own.
    absorb(facts.map(keyOf))
  }

  const set = (recorded: RecordedFact): void => {
    const key = keyOf(recorded)
    if (map.has(key)) throw new Error('A key came twice. Nothing was overwritten.')
    map.set(key, Object.freeze(recorded.fact))
  }

  const get = (key: string): Fact | undefined => {
    const parsed = parseFact(map.get(key))
    return parsed.kind === 'fact' ? parsed.fact : undefined
  }

  const observer = (event: Y.YMapEvent<unknown>): void => absorb(event.keysChanged)

  return {
    follow(listener) {
      onChange = listener
      absorb(map.keys())
      map.observe(observer)
      purge.run()
    },
    facts: (user) => ledger.facts(user),
    latest: (user) => ledger.latest(user),
    isErased: (user) => ledger.isErased(user),
    all: () => ledger.all(),
    get size() {
      return ledger.size
    },
    has: (key) => map.has(key),
    get,
    insert,
    transact: (change) => doc.transact(change),
    get state() {
      return state
    },
    close() {
      state = 'closed'
      map.unobserve(observer)
      purge.close()
    },
  }
}
