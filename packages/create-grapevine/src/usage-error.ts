/** What was asked for cannot be done: what was seen, and what is allowed. Nothing was written. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}
