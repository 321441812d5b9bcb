/** A username that cannot be used. Nothing was written; show the message to the person and ask again. */
export class InvalidUsernameError extends Error {
  readonly code = 'INVALID_USERNAME'
  override readonly name = 'InvalidUsernameError'
}

/** A live account known here claims the name. Nothing was written; another name is needed. */
export class UsernameTakenError extends Error {
  readonly code = 'USERNAME_TAKEN'
  override readonly name = 'UsernameTakenError'

  constructor() {
    super('This username is taken. Nothing was written; choose another.')
  }
}

/** No live user has this id: never registered here, not arrived yet, or erased. Nothing was written. */
export class UnknownUserError extends Error {
  readonly code = 'UNKNOWN_USER'
  override readonly name = 'UnknownUserError'

  constructor() {
    super('No live user has this id on this node. Nothing was written.')
  }
}

/** Not an argon2id hash within bounds. Nothing was written. The message never shows what was given. */
export class InvalidPasswordHashError extends Error {
  readonly code = 'INVALID_PASSWORD_HASH'
  override readonly name = 'InvalidPasswordHashError'

  constructor() {
    super(
      'passwordHash must be a PHC string "$argon2id$v=19$m=…,t=…,p=…$salt$hash" of at most 256 characters, ' +
        'with m below 1000000 KiB and t and p below 100. Nothing was written.',
    )
  }
}

/**
 * A line of an import that cannot be taken. Nothing of it or after it was written; the lines before it were,
 * and stay: mend the line and import the whole again, which changes nothing for those.
 */
export class InvalidLineError extends Error {
  readonly code = 'INVALID_LINE'
  override readonly name = 'InvalidLineError'
  /** Counted from 1. */
  readonly line: number

  /** @param why what was seen and what is allowed, without any value */
  constructor(line: number, why: string) {
    super(`Line ${line}: ${why}. The ${line - 1} lines before it were taken, nothing of it or after it.`)
    this.line = line
  }
}

/** An account kept elsewhere that cannot be one here. Nothing was written. The message shows no hash. */
export class InvalidExternalAccountError extends Error {
  readonly code = 'INVALID_EXTERNAL_ACCOUNT'
  override readonly name = 'InvalidExternalAccountError'
}

/** No such role can be. Nothing was written. */
export class InvalidRoleError extends Error {
  readonly code = 'INVALID_ROLE'
  override readonly name = 'InvalidRoleError'

  constructor() {
    super(
      'A role has 1 to 32 small letters, digits and dashes, and begins with a letter. Nothing was written.',
    )
  }
}

/** The account was changed too often, or very much was said of it in all its life. Nothing was written. */
export class TooManyChangesError extends Error {
  readonly code = 'TOO_MANY_CHANGES'
  override readonly name = 'TooManyChangesError'

  /** When the next change is taken, in milliseconds from now. */
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super(
      `This account was changed too often. Nothing was written; try again in ${Math.ceil(retryAfterMs / 1_000)} s.`,
    )
    this.retryAfterMs = retryAfterMs
  }
}

/** A write on a closed cache, whose look-ups no longer follow the facts. Nothing was written. */
export class CacheClosedError extends Error {
  readonly code = 'CACHE_CLOSED'
  override readonly name = 'CacheClosedError'

  constructor() {
    super('This user cache is closed. Nothing was written; make a new cache over the set of facts.')
  }
}

/**
 * Whether the name can be granted could not be found out in time: this member is not ready, or another one neither confirmed nor
 * was found to be down. What was written is withdrawn; try again.
 */
export class NameUnconfirmedError extends Error {
  readonly code = 'UNAVAILABLE'
  override readonly name = 'NameUnconfirmedError'

  constructor() {
    super('The name could not be confirmed by all members in time. Nothing is kept; try again.')
  }
}
