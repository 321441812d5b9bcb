/** What can be done to an account: each command checks, says one or more facts, and answers with the user. */
import { erasureOf } from '@grapevine/facts'
import { CacheClosedError, InvalidRoleError, UnknownUserError } from '../errors.ts'
import { maxNamed, type Saying } from '../facts/fact.ts'
import { assertPasswordHash } from '../facts/password-hash.ts'
import { isRole } from '../facts/read-fact.ts'
import type { Account } from '../fold/account.ts'
import type { Directory } from '../lookup/directory.ts'
import { normaliseNewUsername, normaliseUsername } from '../names/username.ts'
import type { User } from '../user.ts'
import { known as knownIn, type Drafts, type Registration } from './drafts.ts'
import type { Pace } from './pace.ts'
import { ownOrigin, type Say, type SayContext } from './say.ts'

export type { Registration } from './drafts.ts'

/** On return the fact is in the set; that it is on a disk or on other members is for the caller to await. */
export interface Commands {
  /** @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN` */
  register(input: Registration): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER`, `INVALID_PASSWORD_HASH`, `TOO_MANY_CHANGES` */
  changePassword(id: string, passwordHash: string): User
  /**
   * The same password under a new hash; ends no session. `verified` is the hash that the password was just
   * verified against: where it no longer is the user's, the password has changed meanwhile, nothing is written
   * and the answer is the user as they are. So it is where they changed too often.
   *
   * @throws `UNKNOWN_USER`, `INVALID_PASSWORD_HASH`
   */
  rehash(id: string, passwordHash: string, verified: string): User
  /** @throws `UNKNOWN_USER`, `INVALID_USERNAME`, `USERNAME_TAKEN`, `TOO_MANY_CHANGES` */
  rename(id: string, username: string): User
  /** @throws `UNKNOWN_USER`, `TOO_MANY_CHANGES` */
  endSessions(id: string): User
  /** Ends the sessions opened before, too. @throws `UNKNOWN_USER` */
  disable(id: string): User
  /** Undoes every disabling known here; nothing to undo, nothing written. @throws `UNKNOWN_USER` */
  enable(id: string): User
  /** What an account may do beside what everybody may. One that has the role is left as it is. @throws `UNKNOWN_USER`, `INVALID_ROLE` */
  grantRole(id: string, role: string): User
  /** Wins over a grant that did not know of it. Of one that has it nowhere nothing is written. @throws `UNKNOWN_USER`, `INVALID_ROLE` */
  revokeRole(id: string, role: string): User
  /** The user disappears from all look-ups and the set, on every node, for good. @throws `UNKNOWN_USER` */
  erase(id: string): void
}

export interface CommandsContext extends SayContext {
  readonly directory: Directory
  readonly drafts: Drafts
  readonly say: Say
  readonly pace: Pace
}

export const createCommands = (context: CommandsContext): Commands => {
  const { ledger, directory, say, pace, drafts } = context
  const known = (id: string): User => knownIn(directory, id)
  const accountOf = (id: string): Account => {
    const account = ledger.accountOf(id)
    if (account === undefined) throw new UnknownUserError()
    return account
  }
  const sayOf = (id: string, saying: Saying): User => {
    known(id)
    say(id, saying)
    return known(id)
  }

  /** As `sayOf`, of what people do themselves. */
  const change = (id: string, saying: Saying): User => {
    known(id)
    pace.take(id)
    return sayOf(id, saying)
  }

  return {
    register: (input) => drafts.registration(input, normaliseNewUsername).write(),
    changePassword: (id, passwordHash) => {
      assertPasswordHash(passwordHash)
      return change(id, { kind: 'passwordChanged', passwordHash })
    },
    rehash: (id, passwordHash, verified) => {
      assertPasswordHash(passwordHash)
      const account = accountOf(id)
      if (account.passwordHash !== verified || !pace.allows(id)) return known(id)
      return change(id, { kind: 'rehashed', passwordHash, rehashes: account.passwordSetBy })
    },
    rename: (id, username) => {
      const { name, claimedBy } = accountOf(id)
      if (normaliseUsername(username) === name)
        return change(id, { kind: 'respelled', username, continues: claimedBy.hash })
      const draft = drafts.renaming(id, username, normaliseNewUsername(username))
      pace.take(id)
      return draft.write()
    },
    endSessions: (id) => change(id, { kind: 'sessionsEnded' }),
    disable: (id) => sayOf(id, { kind: 'disabled' }),
    enable: (id) => {
      known(id)
      const open = [...(ledger.historyOf(id).disablings ?? [])]
      const [first, ...others] = Array.from(
        { length: Math.ceil(open.length / maxNamed) },
        (_, index): Saying => ({
          kind: 'enabled',
          lifts: open.slice(index * maxNamed, (index + 1) * maxNamed),
        }),
      )
      if (first !== undefined) say(id, first, ...others)
      return known(id)
    },
    grantRole: (id, role) => {
      assertRole(role)
      const user = known(id)
      return user.roles?.includes(role) === true ? user : sayOf(id, { kind: 'roleGranted', role })
    },
    revokeRole: (id, role) => {
      assertRole(role)
      const user = known(id)
      const heads = new Set(ledger.historyOf(id).heads[`role ${role}`]?.hashes())
      const isGranted = ledger
        .recordedOf(id)
        .some(({ hash, fact }) => fact.kind === 'roleGranted' && heads.has(hash))
      return isGranted ? sayOf(id, { kind: 'roleRevoked', role }) : user
    },
    erase: (id) => {
      known(id)
      if (context.isClosed()) throw new CacheClosedError()
      context.facts.insert([erasureOf(id)], ownOrigin)
    },
  }
}

const assertRole = (role: string): void => {
  if (!isRole(role)) throw new InvalidRoleError()
}
