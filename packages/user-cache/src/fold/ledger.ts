/** The users of a set of facts: who they are is folded when somebody asks. */
import type { Change } from '@grapevine/facts'
import type { Fact, RecordedFact } from '../facts/fact.ts'
import { foldAccount, justRegistered, type Account } from './account.ts'
import { createHistories, folded } from './histories.ts'
import type { History } from './history.ts'
import { createReader, type ReaderContext } from './reader.ts'

export interface Ledger {
  /** As far as the facts are folded. */
  accountOf(id: string): Account | undefined
  historyOf(id: string): History
  /** Accounts with this role. */
  withRole(role: string): readonly string[]
  /** All facts of a user that are read. */
  recordedOf(id: string): readonly RecordedFact[]
  /** The name before the one in force, and the hash of the fact that claims it; `undefined` after signing up. */
  nameBefore(id: string): { readonly username: string; readonly claimedBy: string } | undefined
  /** Folds all that the set holds. @returns the subjects */
  load(): Iterable<string>
  /**
   * Folds what was taken in.
   *
   * @param changing is told of each subject, before it changes
   */
  take(change: Change, changing: (id: string) => void): void
}

export const createLedger = (context: ReaderContext): Ledger => {
  const { facts, unread } = context
  const reader = createReader(context)
  const histories = createHistories(facts, reader)

  const accountOf = (id: string): Account | undefined => {
    const history = histories.get(id)
    if (history !== undefined) return accountBy(id, history, new Map())
    const recorded = reader.of(id)
    const [only] = recorded
    if (recorded.length === 1 && only?.fact.kind === 'registered')
      return justRegistered(id, only.hash, only.fact)
    const seen = new Map(recorded.map(({ hash, fact }) => [hash, fact]))
    return accountBy(id, folded(reader, id, recorded), seen)
  }

  /** @param seen facts that were read already */
  const accountBy = (id: string, history: History, seen: Map<string, Fact | undefined>) =>
    foldAccount(id, history, (hash) => {
      if (!seen.has(hash)) seen.set(hash, reader.one(id, hash))
      return seen.get(hash)
    })

  const historyOf = (id: string): History => histories.get(id) ?? folded(reader, id, reader.of(id))

  return {
    accountOf,
    historyOf,
    withRole: (role) =>
      histories.with(`role ${role}`).filter((id) => accountOf(id)?.roles.includes(role) === true),
    recordedOf: reader.of,
    nameBefore: (id) => {
      const { heads, registration } = historyOf(id)
      const current = heads.name?.latest()
      if (current === undefined || registration === undefined) return undefined
      for (const hash of [...(reader.one(id, current.hash)?.after ?? []), registration.hash]) {
        const named = nameIn(hash, reader.one(id, hash))
        if (named !== undefined) return named
      }
      return undefined
    },
    load: histories.load,
    take: (change, changing) => {
      for (const id of change.erased) unread.forget(id)
      histories.take(change, changing)
    },
  }
}

const nameIn = (hash: string, fact: Fact | undefined): ReturnType<Ledger['nameBefore']> => {
  if (fact === undefined || !('username' in fact)) return undefined
  return { username: fact.username, claimedBy: fact.kind === 'respelled' ? fact.continues : hash }
}
