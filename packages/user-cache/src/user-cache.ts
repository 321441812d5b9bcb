/** The shell: translates calls into facts in the document, and changes of the document into look-ups and events. */
import type * as Y from 'yjs'
import { createClock } from './clock/clock.ts'
import { checkOptions } from './config.ts'
import type { UserCacheOptions } from './config.ts'
import { createDirectory } from './lookup/directory.ts'
import { CacheClosedError, UnknownUserError, UsernameTakenError } from './errors.ts'
import { createEvents } from './lookup/events.ts'
import type { UserEventOf, UserEventType } from './lookup/events.ts'
import { factKey } from './facts/fact.ts'
import type { Fact } from './facts/fact.ts'
import { foldAccount, openDisablings } from './facts/fold.ts'
import type { Account } from './facts/fold.ts'
import { randomId } from './facts/id.ts'
import { createLedger } from './facts/ledger.ts'
import { assertPasswordHash } from './facts/password-hash.ts'
import { createPolicy, USERS_ROOT } from './guard/policy.ts'
import type { Policy } from './guard/policy.ts'
import type { Stamp } from './clock/stamp.ts'
import type { User } from './user.ts'
import { checkUsername, normaliseUsername } from './names/username.ts'

/**
 * Look-ups are synchronous and cost as a `Map` does. Writes are synchronous too: on return the fact is in the
 * document; that it is on a disk or on other members is for the caller to await.
 */
export interface UserCache {
  get(id: string): User | undefined
  /** All live accounts that claim the name, owner first; `[]` for a malformed name. */
  claimants(username: string): readonly User[]
  /** Live users. */
  readonly size: number
  /** Names, normalised and sorted, that more than one live account claims. */
  contestedNames(): readonly string[]

  /** @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN` */
  register(input: { readonly username: string; readonly passwordHash: string }): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER`, `INVALID_PASSWORD_HASH` */
  changePassword(id: string, passwordHash: string): User
  /** @throws `UNKNOWN_USER`, `INVALID_USERNAME`, `USERNAME_TAKEN` */
  rename(id: string, username: string): User
  /** @throws `UNKNOWN_USER` */
  endSessions(id: string): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER` */
  disable(id: string): User
  /** Undoes every disabling known here; nothing to undo, nothing written. @throws `UNKNOWN_USER` */
  enable(id: string): User
  /** The user disappears from all look-ups, on every node, for good. @throws `UNKNOWN_USER` */
  erase(id: string): void

  /** Returns what unsubscribes. */
  on<T extends UserEventType>(type: T, listener: (event: UserEventOf<T>) => void): () => void
  /** Judges what another member would do to the document, before it is applied. */
  readonly policy: Policy
  /** Stops following the document; look-ups keep their last answer, writes throw `CACHE_CLOSED`. */
  close(): void
}

/** What a caller says of a fact; user, time and key are added on writing. */
type Saying = Fact extends infer F ? (F extends Fact ? Omit<F, 'user' | 'at'> : never) : never

/** @throws `INVALID_OPTION` */
export function createUserCache(options: UserCacheOptions): UserCache {
  const { doc, randomBytes, onListenerError, ...rest } = checkOptions(options)
  const map = doc.getMap<unknown>(USERS_ROOT)
  const clock = createClock(rest)
  const directory = createDirectory()
  const events = createEvents(onListenerError)
  const ledger = createLedger(map, (fact) => clock.witness(fact.at))
  let state: 'open' | 'closed' = 'open'

  function absorb(keys: Iterable<unknown>): void {
    const touched = new Set<string>()
    for (const key of keys) {
      const user = typeof key === 'string' ? ledger.reread(key) : undefined
      if (user !== undefined) touched.add(user)
    }
    const accounts = new Map<string, Account | undefined>()
    for (const id of touched) accounts.set(id, foldAccount(id, ledger.facts(id)))
    events.emit(directory.update(accounts))
  }

  function write(user: string, sayings: readonly Saying[]): void {
    if (state === 'closed') throw new CacheClosedError()
    const keys = doc.transact(() => sayings.map((saying) => insert(user, saying)))
    // At once, not only when observed: the caller may be within a transaction of its own.
    absorb(keys)
  }

  function insert(user: string, saying: Saying): string {
    const key = factKey({ user, fact: randomId(randomBytes) })
    if (map.has(key)) throw new Error('randomBytes repeated itself. Nothing was overwritten.')
    const fact: Fact = Object.freeze({ ...saying, user, at: stampFor(user, saying) })
    map.set(key, fact)
    return key
  }

  /** Where the latest wins, past all that is known of the user, however wrong the clock that stamped it was. */
  function stampFor(user: string, { kind }: Saying): Stamp {
    const latestWins = kind === 'passwordChanged' || kind === 'renamed'
    return clock.next(latestWins ? ledger.latest(user) : undefined)
  }

  function known(id: string): User {
    const user = directory.get(id)
    if (user === undefined) throw new UnknownUserError()
    return user
  }

  function say(id: string, ...sayings: Saying[]): User {
    known(id)
    write(id, sayings)
    return known(id)
  }

  function assertFree(username: string, except?: string): void {
    const rivals = directory.claimants(normaliseUsername(username))
    if (rivals.some(({ id }) => id !== except)) throw new UsernameTakenError()
  }

  function register({ username, passwordHash }: { username: string; passwordHash: string }): User {
    assertPasswordHash(passwordHash)
    assertFree(username)
    const id = randomId(randomBytes)
    write(id, [{ kind: 'registered', username, passwordHash }])
    return known(id)
  }

  function changePassword(id: string, passwordHash: string): User {
    assertPasswordHash(passwordHash)
    return say(id, { kind: 'passwordChanged', passwordHash })
  }

  function rename(id: string, username: string): User {
    known(id)
    assertFree(username, id)
    return say(id, { kind: 'renamed', username })
  }

  function enable(id: string): User {
    const open = openDisablings(ledger.facts(id))
    return say(id, ...open.map((lifts) => ({ kind: 'enabled' as const, lifts })))
  }

  const observer = (event: Y.YMapEvent<unknown>): void => absorb(event.keysChanged)
  absorb(map.keys())
  map.observe(observer)

  return {
    get: (id) => directory.get(id),
    claimants(username) {
      const checked = checkUsername(username)
      return checked.kind === 'valid' ? directory.claimants(checked.normalised) : []
    },
    get size() {
      return directory.size
    },
    contestedNames: () => [...directory.contested].sort(),
    register,
    changePassword,
    rename,
    endSessions: (id) => say(id, { kind: 'sessionsEnded' }),
    disable: (id) => say(id, { kind: 'disabled' }),
    enable,
    erase(id) {
      known(id)
      write(id, [{ kind: 'erased' }])
    },
    on: (type, listener) => events.on(type, listener),
    policy: createPolicy(map),
    close() {
      state = 'closed'
      map.unobserve(observer)
      events.clear()
    },
  }
}
