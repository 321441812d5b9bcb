/** What happened to an account, in the words of whoever keeps it, such as `password-changed` or `name-contested`. */
export interface AccountNews {
  readonly kind: string
  /** Milliseconds since 1970, by the clock of the node that recorded it. */
  readonly at: number
  /** More of it, as text. */
  readonly detail?: string
}

/** What is told of accounts: an app takes it from the records that it has anyway. */
export interface AccountHistory {
  /** What happened after this time. Synchronous. */
  since(userId: string, at: number): readonly AccountNews[]
}
