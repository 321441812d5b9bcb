import type { Accounts } from '@grapevine/auth-middleware'
import type { FactsReplica, Synchronous, WriteOptions } from '@grapevine/replica'
import type { NameGrants, User, UserCache } from '@grapevine/user-cache'
import { unavailable } from './unavailable.ts'

/** The replicated users, as the door of the app asks for them. */
export interface ReplicatedAccounts extends Required<Omit<Accounts, 'erase'>> {
  get(id: string): User | undefined
}

/** A change is acknowledged when it is on this node's disk and on every member that can be reached. */
export const replicatedAccounts = (
  users: UserCache,
  replica: Pick<FactsReplica, 'write'>,
  names: NameGrants,
): ReplicatedAccounts => {
  const write = async <T>(change: () => Synchronous<T>, options?: WriteOptions): Promise<T> => {
    try {
      const { value } = await replica.write<T>(change, options)
      return value
    } catch (error) {
      throw unavailable(error)
    }
  }
  const granted = async <T>(grant: Promise<T>): Promise<T> => {
    try {
      return await grant
    } catch (error) {
      throw unavailable(error)
    }
  }
  return {
    get: (id) => users.get(id),
    claimants: (username) => users.claimants(username),
    register: (input, { signal }) => granted(names.register(input, { signal })),
    changePassword: (id, hash, { signal }) => write(() => users.changePassword(id, hash), { signal }),
    endSessions: (id, { signal }) => write(() => users.endSessions(id), { signal }),
    rename: (id, username, { signal }) => granted(names.rename(id, username, { signal })),
    settled: (username, { signal }) => granted(names.settled(username, { signal })),
    rehash: (id, hash, { verified, signal }) => write(() => users.rehash(id, hash, verified), { signal }),
  }
}
