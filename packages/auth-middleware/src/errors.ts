/** A middleware that needs a session ran before `sessions()`, or without it. The request was not handled. */
export class MissingSessionsError extends Error {
  readonly code = 'MISSING_SESSIONS'
  override readonly name = 'MissingSessionsError'

  constructor() {
    super('no sessions on this request: app.use(sessions(app, …)) must come before this middleware')
  }
}

/** A handler or a guard ran before `authentication()`, or without it. The request was not handled. */
export class MissingAuthenticationError extends Error {
  readonly code = 'MISSING_AUTHENTICATION'
  override readonly name = 'MissingAuthenticationError'

  constructor() {
    super('no authentication on this request: app.use(authentication(…)) must come before this middleware')
  }
}

/** There is no account of this id here, or it is disabled. Nobody was logged in. */
export class UnknownAccountError extends Error {
  readonly code = 'UNKNOWN_USER'
  override readonly name = 'UnknownAccountError'

  constructor() {
    super('no account of this id can be logged in to')
  }
}

/** No such device of the account is logged in. Nothing was ended. */
export class UnknownDeviceError extends Error {
  readonly code = 'UNKNOWN_DEVICE'
  override readonly name = 'UnknownDeviceError'

  constructor() {
    super('This device is not logged in any more.')
  }
}

/** The queue of password hashes is full. Nothing was hashed, nothing changed; try again later. */
export class OverloadedError extends Error {
  readonly code = 'OVERLOADED'
  override readonly name = 'OverloadedError'
  /** Seconds after which trying again makes sense; goes into `Retry-After`. */
  readonly retryAfterSeconds: number

  constructor(waiting: number, retryAfterSeconds: number) {
    super(`${waiting} password hashes are waiting already; try again in ${retryAfterSeconds} s`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Nothing usable was typed as a username. */
export class InvalidUsernameError extends Error {
  readonly code = 'INVALID_USERNAME'
  override readonly name = 'InvalidUsernameError'

  constructor() {
    super('Type a username of at most 256 characters.')
  }
}

/** The password does not keep the rules. It was not hashed. The message never holds the password. */
export class InvalidPasswordError extends Error {
  readonly code = 'INVALID_PASSWORD'
  override readonly name = 'InvalidPasswordError'
}

/** None of what there is to choose from. Nothing changed. */
export class InvalidChoiceError extends Error {
  readonly code = 'INVALID_CHOICE'
  override readonly name = 'InvalidChoiceError'
}

/** There is no other account that the same password opens, or not any more. Nothing changed. */
export class UnknownTwinError extends Error {
  readonly code = 'UNKNOWN_TWIN'
  override readonly name = 'UnknownTwinError'

  constructor() {
    super('There is no other account that this password opens.')
  }
}
