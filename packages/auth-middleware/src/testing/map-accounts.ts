import { randomUUID } from 'node:crypto'
import type { Account, Accounts } from '../account.ts'

/** Accounts over a plain `Map`, as in the README. */
export interface MapAccounts extends Required<Accounts> {
  readonly byId: Map<string, Account>
  /** Sets an account, or changes some of it. */
  put(id: string, change: Partial<Account>): void
}

export const mapAccounts = ({ newEpoch = randomUUID }: { newEpoch?: () => string } = {}): MapAccounts => {
  const byId = new Map<string, Account>()
  const claimants = (username: string): Account[] =>
    [...byId.values()].filter((account) => account.username.toLowerCase() === username.toLowerCase())
  const known = (id: string): Account => {
    const account = byId.get(id)
    if (account === undefined) throw registerError('UNKNOWN_USER', 'gone')
    return account
  }
  const change = (id: string, changed: Partial<Account>): Account => {
    const account = { ...known(id), ...changed }
    byId.set(id, account)
    return account
  }
  return {
    byId,
    claimants,
    get: (id) => byId.get(id),
    put(id, change) {
      const blank = { id, username: id, passwordHash: '', sessionEpoch: '0', disabled: false }
      byId.set(id, { ...blank, ...byId.get(id), ...change })
    },
    async register({ username, passwordHash }) {
      if (!/^\w+$/.test(username)) throw registerError('INVALID_USERNAME', 'Letters and digits only.')
      if (claimants(username).length > 0) throw registerError('USERNAME_TAKEN', 'taken')
      const account = { id: username, username, passwordHash, sessionEpoch: '0', disabled: false }
      byId.set(account.id, account)
      return account
    },
    settled: async () => undefined,
    changePassword: async (id, passwordHash) => change(id, { sessionEpoch: newEpoch(), passwordHash }),
    endSessions: async (id) => change(id, { sessionEpoch: newEpoch() }),
    async rename(id, username) {
      if (claimants(username).some((other) => other.id !== id)) throw registerError('USERNAME_TAKEN', 'taken')
      return change(id, { username, claim: 'sole' })
    },
    async erase(id) {
      byId.delete(known(id).id)
    },
    async rehash(id, passwordHash, { verified }) {
      const current = known(id)
      return current.passwordHash === verified ? change(id, { passwordHash }) : current
    },
  }
}

export const registerError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code })
