/** What this package knows of a user. The owner of the users may keep more; nothing more is asked for. */
export interface Account {
  /** Unique and lasting, 1 to 128 characters. It is written into the session cookie, readable there. */
  readonly id: string
  /** As it is shown. */
  readonly username: string
  /** An argon2id hash in PHC format, as `PasswordHasher.hash` gives it. */
  readonly passwordHash: string
  /**
   * Names the set of all that ever ended the account's sessions; 1 to 64 characters of printable ASCII. It changes, never to
   * an earlier value, whenever something ends them; with a new password in the same step as the new hash appears. Sessions of
   * another epoch are dead, on whatever side of a split they were opened; no clock has a say in it.
   */
  readonly sessionEpoch: string
  /** `loser`: somebody else owns the bare name; whoever logs in is told so, see `login`. @default 'sole' */
  readonly claim?: 'sole' | 'owner' | 'loser'
  readonly disabled: boolean
  /** What the account may do beside what everybody may, such as `operator`; for `authorize`. @default none */
  readonly roles?: readonly string[]
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
  register(input: { username: string; passwordHash: string }, options: WriteOptions): Promise<Account>
  /**
   * Resolves when no sign-up under this name is under way any more: {@link signUp} asks before it tells somebody that they have
   * signed up already. Rejects like `register`.
   */
  settled?(username: string, options: WriteOptions): Promise<void>
  /** Must end all sessions in the same step. For {@link changePassword}. Rejects like `register`. */
  changePassword?(id: string, passwordHash: string, options: WriteOptions): Promise<Account>
  /** For {@link endOtherSessions}. Rejects like `register`. */
  endSessions?(id: string, options: WriteOptions): Promise<Account>
  /** For {@link rename}. Rejects like `register`. */
  rename?(id: string, username: string, options: WriteOptions): Promise<Account>
  /** The account and all that is its; resolves when acknowledged. For {@link eraseAccount}. Rejects like `register`. */
  erase?(id: string, options: WriteOptions): Promise<void>
  /**
   * The same password under a new hash; ends no session. Where `verified` no longer is the account's hash, nothing
   * must be written. With it, `login` renews hashes of other parameters than the hasher's. Rejects like `register`.
   */
  rehash?(id: string, passwordHash: string, options: WriteOptions & { verified: string }): Promise<Account>
}

export interface WriteOptions {
  readonly signal: AbortSignal
}

/**
 * Why an account was not registered or changed. With `INVALID_USERNAME` the error's message is shown to the person, so
 * it says what is allowed; with `UNAVAILABLE` it is not known whether the change will come to
 * hold. `UNKNOWN_USER`: the account is gone.
 */
export type RegisterErrorCode = 'USERNAME_TAKEN' | 'INVALID_USERNAME' | 'UNKNOWN_USER' | 'UNAVAILABLE'
