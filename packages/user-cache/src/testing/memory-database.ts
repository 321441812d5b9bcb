import { UsernameTakenError } from '../errors.ts'
import { normaliseUsername } from '../names/username.ts'
import type { ExternalAccount } from '../commands/adoption.ts'
import type { MirroredDatabase } from '../database/user-database.ts'

export interface MemoryDatabase extends MirroredDatabase {
  readonly accounts: ExternalAccount[]
}

export const memoryDatabase = (...accounts: ExternalAccount[]): MemoryDatabase => ({
  accounts,
  keepsDisabled: true,
  async read(ids, { signal }) {
    signal?.throwIfAborted()
    return accounts.filter(({ id }) => ids.includes(id))
  },
  async save(account, { signal }) {
    signal?.throwIfAborted()
    const at = accounts.findIndex(({ id }) => id === account.id)
    const name = normaliseUsername(account.username)
    const before = accounts[at]
    if (accounts.some(({ id, username }) => id !== account.id && normaliseUsername(username) === name)) {
      if (before !== undefined) accounts[at] = { ...account, username: before.username }
      throw new UsernameTakenError()
    }
    if (before === undefined) accounts.push(account)
    else accounts[at] = { ...account, registeredAt: before.registeredAt }
  },
  async remove(id, { signal }) {
    signal?.throwIfAborted()
    const at = accounts.findIndex((account) => account.id === id)
    if (at >= 0) accounts.splice(at, 1)
  },
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
