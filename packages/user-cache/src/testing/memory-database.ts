import { UsernameTakenError } from '../errors.ts'
import { normaliseUsername } from '../names/username.ts'
import type { ExternalAccount } from '../accounts/adoption.ts'
import type { UserDatabase } from '../database/user-database.ts'

export interface MemoryDatabase extends UserDatabase {
  readonly accounts: ExternalAccount[]
}

export const memoryDatabase = (...accounts: ExternalAccount[]): MemoryDatabase => ({
  accounts,
  async *load({ signal }) {
    for (const account of accounts) {
      signal?.throwIfAborted()
      yield account
    }
    signal?.throwIfAborted()
  },
  async insert(account, { signal }) {
    signal?.throwIfAborted()
    const name = normaliseUsername(account.username)
    if (accounts.some(({ username }) => normaliseUsername(username) === name)) throw new UsernameTakenError()
    accounts.push(account)
  },
})
