import { randomBytes } from 'node:crypto'
import type { Registration } from '../commands/commands.ts'
import { UnknownUserError, UsernameTakenError } from '../errors.ts'
import { randomId } from '../facts/id.ts'
import type { RandomBytes } from '../facts/id.ts'
import { assertPasswordHash } from '../facts/password-hash.ts'
import { normaliseNewUsername } from '../names/username.ts'
import type { Write } from '../export-import/batches.ts'
import type { User } from '../user.ts'
import type { UserCache } from '../user-cache.ts'
import type { UserDatabase } from './user-database.ts'

export interface WriteThroughOptions {
  /** Wall clock, ms since 1970. @default Date.now */
  readonly now?: () => number
  /** At least as unguessable as `node:crypto`. @default randomBytes of node:crypto */
  readonly randomBytes?: RandomBytes
  /** Writes to the cache; for example `(change) => replica.write(change)`. @default one transaction */
  readonly write?: Write
}

export interface SignUp {
  /**
   * Resolves when the account is in the database and then in the cache. When this fails after the database has
   * it, the account appears with the next `hydrate`; until then its name is taken.
   *
   * @throws `INVALID_USERNAME`, `INVALID_PASSWORD_HASH`, `USERNAME_TAKEN`: nothing was written; or what the
   *   database or `write` throws, or the reason of the signal
   */
  register(input: Registration, options?: { readonly signal?: AbortSignal }): Promise<User>
}

/** Sign-up that goes to the database first, then to the cache: what the cache tells of, the database has. */
export const writeThrough = (
  cache: Pick<UserCache, 'adopt' | 'claimants' | 'get' | 'transact'>,
  database: Pick<UserDatabase, 'insert'>,
  {
    now = Date.now,
    randomBytes: random = randomBytes,
    write = (change) => cache.transact(change),
  }: WriteThroughOptions = {},
): SignUp => ({
  async register({ username, passwordHash }, { signal } = {}) {
    signal?.throwIfAborted()
    assertPasswordHash(passwordHash)
    if (cache.claimants(normaliseNewUsername(username)).length > 0) throw new UsernameTakenError()
    const account = { id: randomId(random), username, passwordHash, registeredAt: now() }
    await database.insert(account, { signal })
    // The database has it now: from here on there is no turning back, whatever the signal says.
    await write(() => void cache.adopt(account))
    const user = cache.get(account.id)
    if (user === undefined) throw new UnknownUserError()
    return user
  },
})
