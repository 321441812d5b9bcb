/** Somebody changes their budget too often. Nothing was written; the page says when to try again. */
export class TooManyEntriesError extends Error {
  override readonly name = 'TooManyEntriesError'
  readonly code = 'TOO_MANY_CHANGES'
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    const seconds = Math.ceil(retryAfterMs / 1_000)
    super(`Your budget was changed too often. Nothing was written; try again in ${seconds} s.`)
    this.retryAfterMs = retryAfterMs
  }
}

/** What was typed cannot be an entry. Nothing was written; show the message to the person. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError'
  readonly code = 'INVALID_ENTRY'
}
