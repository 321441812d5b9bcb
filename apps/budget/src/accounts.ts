import type { Accounts } from '@grapevine/auth-middleware'
import type { Replica } from '@grapevine/replica'
import type { User, UserCache } from '@grapevine/user-cache'
import { unavailable } from './unavailable.ts'

/** The replicated users, as the door of the app asks for them. */
export interface ReplicatedAccounts extends Accounts {
  get(id: string): User | undefined
}

/** A sign-up is acknowledged when it is on this node's disk and on every member that can be reached. */
export const replicatedAccounts = (users: UserCache, replica: Replica): ReplicatedAccounts => ({
  get: (id) => users.get(id),
  claimants: (username) => users.claimants(username),
  register: async (input, { signal }) => {
    try {
      const { value } = await replica.write(() => users.register(input), { signal })
      return value
    } catch (error) {
      throw unavailable(error)
    }
  },
})
