import { isErasure, subjectOf, type FactSet } from '@grapevine/facts'
import type { Stamp } from '../clock/stamp.ts'
import type { Fact, RecordedFact } from '../facts/fact.ts'
import { readFact } from '../facts/read-fact.ts'
import type { Unread } from './unread.ts'

/** Reads the facts of a set; what cannot be read is noted. */
export interface Reader {
  /** The fact of a user with this hash, if it is held and read. */
  one(id: string, hash: string): Fact | undefined
  /** Those under these keys that are read. */
  all(id: string, keys: readonly string[]): readonly RecordedFact[]
  /** All that are read of a user. */
  of(id: string): readonly RecordedFact[]
  /** Whether a fact of a user is held, read or not. */
  holds(id: string, hash: string): boolean
}

export interface ReaderContext {
  readonly facts: FactSet
  readonly unread: Unread
  /** Told of the stamps of the facts that are read for the first time, and of some again. */
  readonly onStamp: (at: Stamp) => void
}

export const createReader = ({ facts, unread, onStamp }: ReaderContext): Reader => {
  const read = (id: string, key: string): Fact | undefined => {
    const text = facts.text(key)
    if (text === undefined || isErasure(key)) return undefined
    const found = readFact(id, text)
    if (found.kind === 'read') return found.fact
    unread.note(id, key, found.reason)
    return undefined
  }
  const all = (id: string, keys: readonly string[]): readonly RecordedFact[] =>
    keys.flatMap((key) => {
      const fact = read(id, key)
      if (fact === undefined) return []
      onStamp(fact.at)
      return [{ hash: hashOf(key), fact }]
    })
  return {
    one: (id, hash) => read(id, keyWith(id, hash)),
    all,
    of: (id) => all(id, facts.of(id)),
    holds: (id, hash) => facts.holds(keyWith(id, hash)),
  }
}

/** The key of a fact that is no erasure. */
export const keyWith = (id: string, hash: string): string => `${id}/.${hash}`

export const hashOf = (key: string): string => key.slice(subjectOf(key).length + 2)
