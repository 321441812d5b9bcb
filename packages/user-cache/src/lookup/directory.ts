/** The look-ups: accounts by id and by name, kept up to date for the accounts that changed and their names. */
import type { UserEvent } from './events.ts'
import { sameFlat } from '../flat.ts'
import type { Account } from '../facts/fold.ts'
import type { Claim, User } from '../user.ts'

export interface Directory {
  get(id: string): User | undefined
  /** By normalised name, owner first. */
  claimants(name: string): readonly User[]
  readonly size: number
  /** Normalised names that more than one account claims. */
  readonly contested: ReadonlySet<string>
  /** Takes the new state of some accounts (`undefined`: no longer live) and says what changed for the reader. */
  update(changes: ReadonlyMap<string, Account | undefined>): readonly UserEvent[]
}

/** Whoever an update touched, as they were. */
type Before = Map<string, User | undefined>
/** The names whose claimants may differ now, with the accounts that are new to each. */
type StaleNames = Map<string, Account[]>

const NOBODY: readonly User[] = Object.freeze([])

export function createDirectory(): Directory {
  const accounts = new Map<string, Account>()
  const users = new Map<string, User>()
  const byName = new Map<string, readonly User[]>()
  const contested = new Set<string>()

  function update(changes: ReadonlyMap<string, Account | undefined>): readonly UserEvent[] {
    const before: Before = new Map()
    const stale: StaleNames = new Map()
    for (const [id, account] of changes) replace(id, account, before, stale)

    const events: UserEvent[] = []
    for (const [name, joining] of stale) regroup(name, joining, before, events)
    for (const [id, previous] of before) tell(id, previous, users.get(id), events)
    return events
  }

  function replace(id: string, account: Account | undefined, before: Before, stale: StaleNames): void {
    const previous = accounts.get(id)
    if (sameAccount(previous, account)) return
    before.set(id, users.get(id))
    users.delete(id)
    if (previous !== undefined) markStale(stale, previous.name)
    if (account === undefined) {
      accounts.delete(id)
      return
    }
    accounts.set(id, account)
    if (previous?.name === account.name) return
    markStale(stale, account.name).push(account)
  }

  /** Rebuilds who claims a name; a rival whose claim changes by it is one more user who changed. */
  function regroup(name: string, joining: readonly Account[], before: Before, events: UserEvent[]): void {
    const rivals = [...joining]
    for (const { id } of byName.get(name) ?? NOBODY) {
      const account = accounts.get(id)
      if (account?.name === name) rivals.push(account)
    }
    rivals.sort(byClaim)
    const claimants = rivals.map((account, rank) => present(account, claimAt(rank, rivals.length), before))
    place(name, Object.freeze(claimants))
    if (joining.length > 0 && claimants.length > 1) events.push({ type: 'name:contested', name, claimants })
  }

  function present(account: Account, claim: Claim, before: Before): User {
    const known = users.get(account.id)
    if (known?.claim === claim) return known
    if (known !== undefined) before.set(account.id, known)
    const user = toUser(account, claim)
    users.set(account.id, user)
    return user
  }

  function place(name: string, claimants: readonly User[]): void {
    if (claimants.length === 0) byName.delete(name)
    else byName.set(name, claimants)
    if (claimants.length > 1) contested.add(name)
    else contested.delete(name)
  }

  return {
    get: (id) => users.get(id),
    claimants: (name) => byName.get(name) ?? NOBODY,
    get size() {
      return users.size
    },
    contested,
    update,
  }
}

function markStale(stale: StaleNames, name: string): Account[] {
  const joining = stale.get(name) ?? []
  stale.set(name, joining)
  return joining
}

// Field by field: a spread or a rest takes ten times as long, which is felt with 100,000 users.
function toUser(account: Account, claim: Claim): User {
  return Object.freeze({
    id: account.id,
    username: account.username,
    passwordHash: account.passwordHash,
    registeredAt: account.registeredAt,
    sessionsValidAfter: account.sessionsValidAfter,
    sessionEpoch: account.sessionEpoch,
    disabled: account.disabled,
    claim,
  })
}

function claimAt(rank: number, of: number): Claim {
  if (of === 1) return 'sole'
  return rank === 0 ? 'owner' : 'loser'
}

function byClaim(a: Account, b: Account): number {
  if (a.claimedAt !== b.claimedAt) return a.claimedAt < b.claimedAt ? -1 : 1
  return a.id < b.id ? -1 : 1
}

function tell(id: string, previous: User | undefined, user: User | undefined, events: UserEvent[]): void {
  if (user !== undefined && previous !== undefined) events.push({ type: 'user:changed', user, previous })
  else if (user !== undefined) events.push({ type: 'user:registered', user })
  else if (previous !== undefined) events.push({ type: 'user:erased', id })
}

function sameAccount(a: Account | undefined, b: Account | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameFlat(a, b)
}
