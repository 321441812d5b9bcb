import type { Account, Accounts } from '../account.ts'

/** Accounts over a plain `Map`, as in the README. */
export interface MapAccounts extends Accounts {
  readonly byId: Map<string, Account>
  /** Sets an account, or changes some of it. */
  put(id: string, change: Partial<Account>): void
}

export function mapAccounts(): MapAccounts {
  const byId = new Map<string, Account>()
  const claimants = (username: string): Account[] =>
    [...byId.values()].filter((account) => account.username.toLowerCase() === username.toLowerCase())
  return {
    byId,
    claimants,
    get: (id) => byId.get(id),
    put(id, change) {
      const blank = { id, username: id, passwordHash: '', sessionsValidAfter: 0, disabled: false }
      byId.set(id, { ...blank, ...byId.get(id), ...change })
    },
    async register({ username, passwordHash }) {
      if (!/^\w+$/.test(username)) throw registerError('INVALID_USERNAME', 'Letters and digits only.')
      if (claimants(username).length > 0) throw registerError('USERNAME_TAKEN', 'taken')
      const account = { id: username, username, passwordHash, sessionsValidAfter: 0, disabled: false }
      byId.set(account.id, account)
      return account
    },
  }
}

export function registerError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
