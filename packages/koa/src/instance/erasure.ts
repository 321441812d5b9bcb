import { unavailable } from './unavailable.ts'
import type { Acknowledgement, FactsReplica } from '@grapevine/replica'
import type { UserCache } from '@grapevine/user-cache'
import type { DocumentsOf, FactsOf } from './document-options.ts'
import type { OpenDocument } from './documents.ts'
import type { OpenFacts } from './facts.ts'

/** Erases a user with all that is kept by user. @throws UnavailableError */
export type EraseUser = (userId: string) => Promise<Acknowledgement>

export interface ErasureParts {
  readonly users: Pick<UserCache, 'erase'>
  readonly userReplica: Pick<FactsReplica, 'write'>
  /** As they were declared, and as they are open. */
  readonly declared: DocumentsOf<string>
  readonly documents: Readonly<Record<string, OpenDocument>>
}

/** The documents of the app first: should a later step fail, the person can still log in and leave again. */
export const erasure =
  ({ users, userReplica, declared, documents }: ErasureParts): EraseUser =>
  async (userId) => {
    for (const [name, options] of Object.entries(declared)) {
      const { keptByUser } = options ?? {}
      if (keptByUser !== undefined) await documents[name]?.write(() => keptByUser(userId))
    }
    try {
      return (await userReplica.write(() => users.erase(userId))).acknowledgement
    } catch (error) {
      throw unavailable(error)
    }
  }

/** Moves what is kept for one user to another, and erases the first. @throws UnavailableError; then it may be done again */
export type JoinUser = (from: string, to: string) => Promise<void>

export interface JoiningParts {
  readonly declared: DocumentsOf<string>
  readonly documents: Readonly<Record<string, OpenDocument>>
  readonly declaredFacts: FactsOf<string>
  readonly facts: Readonly<Record<string, OpenFacts>>
  readonly eraseUser: EraseUser
}

/** @returns `undefined` when something is kept by user that the app does not know how to move: it would be lost */
export const joining = (parts: JoiningParts): JoinUser | undefined => {
  const { declared, documents, declaredFacts, facts, eraseUser } = parts
  const kept = Object.values(declared).filter((options) => options?.keptByUser !== undefined)
  const keptFacts = Object.values(declaredFacts).filter((options) => options?.keptByUser === true)
  if ([...kept, ...keptFacts].some((options) => options?.joinUsers === undefined)) return undefined
  return async (from, to) => {
    for (const [name, options] of Object.entries(declared))
      await documents[name]?.write(() => options?.joinUsers?.(from, to))
    for (const [name, options] of Object.entries(declaredFacts)) {
      const open = facts[name]
      await open?.write(() => options?.joinUsers?.(from, to, open.set))
    }
    await eraseUser(from)
  }
}
