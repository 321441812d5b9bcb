import { codeOf } from '@grapevine/std'

/** This node cannot keep what it was told now; whether it will come to exist is not known. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError'
  readonly code = 'UNAVAILABLE'
  /** For the error page. */
  readonly status = 503
  readonly expose = true
}

const codes: ReadonlySet<unknown> = new Set([
  'STORAGE_UNAVAILABLE',
  'REPLICA_CLOSED',
  'WRITE_CONCERN',
  // Of names that could not be granted.
  'UNAVAILABLE',
])

/** What the replica could not do, in the words of the door; other errors pass as they are. */
export const unavailable = (error: unknown): unknown =>
  codes.has(codeOf(error))
    ? new UnavailableError('This could not be confirmed now. Try again in a moment.', { cause: error })
    : error
