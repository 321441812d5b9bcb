/**
 * The look-ups. What is kept of each account is its name; a `User` is made of the facts when it is first asked for,
 * and kept until it changes: most of a million users are asked for by nobody between two starts.
 */
import { createClaims } from './claims.ts'
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
  /** Takes the new state of some accounts and, if asked to tell, says what changed for the reader. */
  update(changes: readonly AccountChange[], how: 'telling' | 'silently'): readonly UserEvent[]
}

/** `undefined`: not live. */
export interface AccountChange {
  readonly id: string
  readonly before: Account | undefined
  readonly after: Account | undefined
}

/** What becomes of the claimants of a name. */
interface Regrouping {
  readonly leaving: Set<string>
  readonly claiming: Account[]
  isJoined: boolean
}

/** Somebody whom an update touches: as they were, and what they have become. */
interface Touched {
  readonly previous: User | undefined
  readonly account: Account | undefined
}

/** Of one update: whom it touches, by id, if that is to be told, and the names to be settled. */
interface Update {
  readonly touched: Map<string, Touched> | undefined
  readonly names: Map<string, Regrouping>
}

/** @param accountOf folds the facts as they are now */
export const createDirectory = (accountOf: (id: string) => Account | undefined): Directory => {
  const users = new Map<string, User>()
  const claims = createClaims()
  let size = 0

  const get = (id: string): User | undefined => {
    const known = users.get(id)
    if (known !== undefined) return known
    const account = accountOf(id)
    if (account === undefined) return undefined
    const user = toUser(account, claims.claimOf(account.name, id))
    users.set(id, user)
    return user
  }

  /** To be told, and so not kept: a heal would keep everybody whom nobody asks for. */
  const present = (account: Account, claim: Claim): User => users.get(account.id) ?? toUser(account, claim)

  const claimants = (name: string): readonly User[] => {
    const found: User[] = []
    for (const id of claims.claimants(name)) {
      const user = get(id)
      if (user !== undefined) found.push(user)
    }
    return Object.freeze(found)
  }

  const update = (changes: readonly AccountChange[], how: 'telling' | 'silently'): readonly UserEvent[] => {
    const settling: Update = { touched: how === 'telling' ? new Map() : undefined, names: new Map() }
    for (const change of changes) take(change, settling)
    const events: UserEvent[] = []
    for (const [name, regrouping] of settling.names) {
      regroup(name, regrouping, settling)
      const isContested = regrouping.isJoined && claims.contested.has(name)
      if (isContested && how === 'telling')
        events.push({ type: 'name:contested', name, claimants: claimants(name) })
    }
    for (const [id, { previous, account }] of settling.touched ?? [])
      tell(id, previous, account && present(account, claims.claimOf(account.name, id)), events)
    return events
  }

  const take = ({ id, before, after }: AccountChange, { touched, names }: Update): void => {
    if (sameAccount(before, after)) return
    touched?.set(id, {
      previous: before && present(before, claims.claimOf(before.name, id)),
      account: after,
    })
    users.delete(id)
    size += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1)
    if (before !== undefined) regroupingOf(names, before.name).leaving.add(id)
    if (after === undefined) return
    if (before === undefined && !names.has(after.name) && claims.claimFree(after.name, after)) return
    const regrouping = regroupingOf(names, after.name)
    regrouping.claiming.push(after)
    regrouping.isJoined ||= before?.name !== after.name
  }

  /** A rival whose claim changes by it is one more user who changed. */
  const regroup = (name: string, { leaving, claiming }: Regrouping, { touched }: Update): void => {
    const staying: { readonly account: Account; readonly claim: Claim }[] = []
    for (const id of claims.claimants(name)) {
      const account = leaving.has(id) ? undefined : accountOf(id)
      if (account !== undefined) staying.push({ account, claim: claims.claimOf(name, id) })
    }
    claims.place(name, [...claiming, ...staying.map(({ account }) => account)])
    for (const { account, claim } of staying) {
      const { id } = account
      if (claims.claimOf(name, id) === claim) continue
      if (touched?.has(id) === false) touched.set(id, { previous: present(account, claim), account })
      users.delete(id)
    }
  }

  return {
    get,
    claimants,
    get size() {
      return size
    },
    contested: claims.contested,
    update,
  }
}

const regroupingOf = (names: Map<string, Regrouping>, name: string): Regrouping => {
  const regrouping = names.get(name) ?? { leaving: new Set(), claiming: [], isJoined: false }
  names.set(name, regrouping)
  return regrouping
}

// Field by field: a spread or a rest takes ten times as long, which is felt with 100,000 users.
const toUser = (account: Account, claim: Claim): User =>
  Object.freeze({
    id: account.id,
    username: account.username,
    passwordHash: account.passwordHash,
    registeredAt: account.registeredAt,
    sessionsValidAfter: account.sessionsValidAfter,
    sessionEpoch: account.sessionEpoch,
    disabled: account.disabled,
    claim,
  })

const tell = (id: string, previous: User | undefined, user: User | undefined, events: UserEvent[]): void => {
  if (user !== undefined && previous !== undefined) events.push({ type: 'user:changed', user, previous })
  else if (user !== undefined) events.push({ type: 'user:registered', user })
  else if (previous !== undefined) events.push({ type: 'user:erased', id })
}

const sameAccount = (a: Account | undefined, b: Account | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameFlat(a, b)
