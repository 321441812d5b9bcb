/** What this package knows of a user. The owner of the users may keep more; nothing more is asked for. */
export interface Account {
  /** Unique and lasting, 1 to 128 characters. It is written into the session cookie, readable there. */
  readonly id: string
  /** As it is shown. */
  readonly username: string
  /** An argon2id hash in PHC format, as `PasswordHasher.hash` gives it. */
  readonly passwordHash: string
  /**
   * Milliseconds since the epoch; sessions issued at or before are dead.
   * A change of password must move it forward, in the same step as the new hash appears.
   */
  readonly sessionsValidAfter: number
  readonly disabled: boolean
}

/** The users, as their owner offers them. A plain `Map` is enough; so is a replicated cache. */
export interface Accounts {
  /** The account of this id. Synchronous: it is asked on every request. */
  get(id: string): Account | undefined
  /**
   * Every account that lays claim to this name, the owner of the bare name first; none for an unknown or
   * impossible name. Comparing names (case, Unicode) is the owner's business.
   */
  claimants(username: string): readonly Account[]
  /**
   * Resolves when the account is acknowledged. Rejects with an error whose `code` is a
   * {@link RegisterErrorCode}, or with the signal's reason.
   */
  register(
    input: { username: string; passwordHash: string },
    options: { signal: AbortSignal },
  ): Promise<Account>
}

/**
 * Why an account was not registered. With `INVALID_USERNAME` the error's message is shown to the person, so
 * it says what is allowed; with `UNAVAILABLE` it is not known whether the account will come to exist.
 */
export type RegisterErrorCode = 'USERNAME_TAKEN' | 'INVALID_USERNAME' | 'UNAVAILABLE'
