import { unavailable } from './unavailable.ts'
import type { Acknowledgement, FactsReplica } from '@grapevine/replica'
import type { UserCache } from '@grapevine/user-cache'
import type { DocumentsOf } from './document-options.ts'
import type { OpenDocument } from './documents.ts'

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
