/** What can be done to an account: each command checks, says one or more facts, and answers with the user. */
import type { Clock } from '../clock/clock.ts'
import type { Stamp } from '../clock/stamp.ts'
import { UnknownUserError, UsernameTakenError } from '../errors.ts'
import type { Fact } from '../facts/fact.ts'
import type { FactStore } from '../facts/fact-store.ts'
import { openDisablings, passwordFact } from '../facts/fold.ts'
import { randomId } from '../facts/id.ts'
import type { RandomBytes } from '../facts/id.ts'
import { assertPasswordHash } from '../facts/password-hash.ts'
import type { Directory } from '../lookup/directory.ts'
import { normaliseUsername } from '../names/username.ts'
import type { User } from '../user.ts'

/** A user who does not exist yet. */
export interface Registration {
  readonly username: string
  readonly passwordHash: string
}

/** On return the fact is in the document; that it is on a disk or on other members is for the caller to await. */
export interface Commands {
  /** @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN` */
  register(input: Registration): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER`, `INVALID_PASSWORD_HASH` */
  changePassword(id: string, passwordHash: string): User
  /**
   * The same password under a new hash; ends no session. `verified` is the hash that the password was just
   * verified against: where it no longer is the user's, the password has changed meanwhile, nothing is written
   * and the answer is the user as they are.
   *
   * @throws `UNKNOWN_USER`, `INVALID_PASSWORD_HASH`
   */
  rehash(id: string, passwordHash: string, verified: string): User
  /** @throws `UNKNOWN_USER`, `INVALID_USERNAME`, `USERNAME_TAKEN` */
  rename(id: string, username: string): User
  /** @throws `UNKNOWN_USER` */
  endSessions(id: string): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER` */
  disable(id: string): User
  /** Undoes every disabling known here; nothing to undo, nothing written. @throws `UNKNOWN_USER` */
  enable(id: string): User
  /** The user disappears from all look-ups and the document, on every node, for good. @throws `UNKNOWN_USER` */
  erase(id: string): void
}

/** What a caller says of a fact; user, time and key are added on writing. */
type Saying = Fact extends infer F ? (F extends Fact ? Omit<F, 'user' | 'at'> : never) : never

/** Of these the latest counts: they are stamped past all that is known of the user, however wrong its clock. */
const latestWins: ReadonlySet<Fact['kind']> = new Set<Fact['kind']>([
  'passwordChanged',
  'rehashed',
  'renamed',
])

export interface CommandsContext {
  readonly store: FactStore
  readonly directory: Directory
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

export const createCommands = ({ store, directory, clock, randomBytes }: CommandsContext): Commands => {
  const known = (id: string): User => {
    const user = directory.get(id)
    if (user === undefined) throw new UnknownUserError()
    return user
  }

  const write = (user: string, sayings: readonly Saying[]): void => {
    store.insert(
      sayings.map((saying) => ({
        id: randomId(randomBytes),
        fact: { ...saying, user, at: stampFor(user, saying) },
      })),
    )
  }

  const stampFor = (user: string, { kind }: Saying): Stamp =>
    clock.next(latestWins.has(kind) ? store.latest(user) : undefined)

  const say = (id: string, ...sayings: Saying[]): User => {
    known(id)
    write(id, sayings)
    return known(id)
  }

  const assertFree = (username: string, except?: string): void => {
    const rivals = directory.claimants(normaliseUsername(username))
    if (rivals.some(({ id }) => id !== except)) throw new UsernameTakenError()
  }

  return {
    register({ username, passwordHash }) {
      assertPasswordHash(passwordHash)
      assertFree(username)
      const id = randomId(randomBytes)
      write(id, [{ kind: 'registered', username, passwordHash }])
      return known(id)
    },
    changePassword(id, passwordHash) {
      assertPasswordHash(passwordHash)
      return say(id, { kind: 'passwordChanged', passwordHash })
    },
    rehash(id, passwordHash, verified) {
      assertPasswordHash(passwordHash)
      const user = known(id)
      const rehashes = passwordFact(store.facts(id))?.id
      if (rehashes === undefined || user.passwordHash !== verified) return user
      return say(id, { kind: 'rehashed', passwordHash, rehashes })
    },
    rename(id, username) {
      known(id)
      assertFree(username, id)
      return say(id, { kind: 'renamed', username })
    },
    endSessions: (id) => say(id, { kind: 'sessionsEnded' }),
    disable: (id) => say(id, { kind: 'disabled' }),
    enable(id) {
      const open = openDisablings(store.facts(id))
      return say(id, ...open.map((lifts) => ({ kind: 'enabled' as const, lifts })))
    },
    erase(id) {
      known(id)
      write(id, [{ kind: 'erased' }])
    },
  }
}
