/**
 * The look-ups. What is kept of each account is its name; a `User` is made of the facts when it is first asked for,
 * and kept until it changes: most of a million users are asked for by nobody between two starts.
 */
import type { Account } from '../fold/account.ts'
import { sameFlat } from '../flat.ts'
import type { Claim, User } from '../user.ts'
import { createClaims } from './claims.ts'
import type { UserEvent } from './events.ts'

export interface Directory {
  get(id: string): User | undefined
  /** By normalised name, owner first. */
  claimants(name: string): readonly User[]
  readonly size: number
  /** Normalised names that more than one account claims. */
  readonly contested: ReadonlySet<string>
  /** Enters an account that is not known yet, and tells nobody. */
  enter(id: string): void
  /** As `get`, before a change, and without keeping it: a heal would keep everybody whom nobody asks for. */
  peek(id: string): User | undefined
  /** Looks at accounts again that have changed: each with the user as before, if that is to be told. */
  update(changed: ReadonlyMap<string, User | undefined>, how: 'telling' | 'silently'): readonly UserEvent[]
}

/** Of one update. */
interface Update {
  /** Whom it touches, as they were, if that is to be told. */
  readonly previous: Map<string, User | undefined> | undefined
  /** Names whose claimants change, and whether one more joins them. */
  readonly names: Map<
    string,
    { readonly leaving: Set<string>; readonly claiming: Account[]; isJoined: boolean }
  >
}

/** @param accountOf folds the facts as they are now */
export const createDirectory = (accountOf: (id: string) => Account | undefined): Directory => {
  const users = new Map<string, User>()
  /** The normalised name of each live account. */
  const names = new Map<string, string>()
  const claims = createClaims()

  const peek = (id: string): User | undefined => {
    const known = users.get(id)
    if (known !== undefined || !names.has(id)) return known
    const account = accountOf(id)
    return account && toUser(account, claims.claimOf(account.name, id))
  }
  const get = (id: string): User | undefined => {
    const known = users.get(id)
    if (known !== undefined) return known
    const user = peek(id)
    if (user !== undefined) users.set(id, user)
    return user
  }
  const claimants = (name: string): readonly User[] =>
    Object.freeze(claims.claimants(name).flatMap((id) => get(id) ?? []))

  /** Takes the new state of one account; who claims its names is settled afterwards. */
  const take = (id: string, { names: regrouping }: Update): void => {
    users.delete(id)
    const before = names.get(id)
    const after = accountOf(id)
    if (after === undefined) names.delete(id)
    else names.set(id, after.name)
    if (before === undefined && after !== undefined && !regrouping.has(after.name))
      if (claims.claimFree(after.name, id)) return
    if (before !== undefined) groupOf(regrouping, before).leaving.add(id)
    if (after === undefined) return
    const group = groupOf(regrouping, after.name)
    group.claiming.push(after)
    group.isJoined ||= before !== after.name
  }

  /** A rival whose claim changes by it is one more user who changed. */
  const regroup = (name: string, { previous, names: regrouping }: Update): void => {
    const { leaving, claiming } = groupOf(regrouping, name)
    const before = claims.claimants(name)
    if (before.length < 2 && claiming.length === 1 && before[0] === claiming[0]?.id) return
    const staying = before.filter((id) => !leaving.has(id))
    const were = staying.map((id) => ({ id, claim: claims.claimOf(name, id), user: previous && peek(id) }))
    claims.place(name, [...claiming, ...staying.flatMap((id) => accountOf(id) ?? [])])
    for (const { id, claim, user } of were) {
      if (claims.claimOf(name, id) === claim) continue
      if (previous?.has(id) === false) previous.set(id, user)
      users.delete(id)
    }
  }

  return {
    get,
    peek,
    claimants,
    get size() {
      return names.size
    },
    contested: claims.contested,
    enter: (id) => {
      const update: Update = { previous: undefined, names: new Map() }
      take(id, update)
      for (const name of update.names.keys()) regroup(name, update)
    },
    update: (changed, how) => {
      const previous = how === 'telling' ? new Map(changed) : undefined
      const live = new Set([...changed.keys()].filter((id) => names.has(id)))
      const update: Update = { previous, names: new Map() }
      for (const id of changed.keys()) take(id, update)
      for (const name of update.names.keys()) regroup(name, update)
      if (previous === undefined) return []
      const erased = [...live].filter((id) => !names.has(id))
      return [
        ...erased.map((id): UserEvent => ({ type: 'user:erased', id })),
        ...changesOf(previous, peek),
        ...contests(update, claims.contested, claimants),
      ]
    },
  }
}

const groupOf = (names: Update['names'], name: string) => {
  const group = names.get(name) ?? { leaving: new Set<string>(), claiming: [], isJoined: false }
  names.set(name, group)
  return group
}

const changesOf = function* (
  previous: ReadonlyMap<string, User | undefined>,
  peek: (id: string) => User | undefined,
): Generator<UserEvent> {
  for (const [id, before] of previous) {
    const user = peek(id)
    if (user === undefined) continue
    if (before === undefined) yield { type: 'user:registered', user }
    else if (!sameFlat(before, user)) yield { type: 'user:changed', user, previous: before }
  }
}

const contests = function* (
  { names }: Update,
  contested: ReadonlySet<string>,
  claimants: (name: string) => readonly User[],
): Generator<UserEvent> {
  for (const [name, { isJoined }] of names)
    if (isJoined && contested.has(name)) yield { type: 'name:contested', name, claimants: claimants(name) }
}

// Field by field: a spread or a rest takes ten times as long, which is felt with 100,000 users.
const toUser = (account: Account, claim: Claim): User =>
  Object.freeze(
    account.roles.length === 0
      ? plainUser(account, claim)
      : { ...plainUser(account, claim), roles: account.roles },
  )

const plainUser = (account: Account, claim: Claim): User => ({
  id: account.id,
  username: account.username,
  passwordHash: account.passwordHash,
  registeredAt: account.registeredAt,
  sessionEpoch: account.sessionEpoch,
  disabled: account.disabled,
  claim,
})
