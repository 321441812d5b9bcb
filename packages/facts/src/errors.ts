/** A fact, or bytes that should hold facts, that the gate refuses. Nothing of the call was taken in. */
export class InvalidFactError extends Error {
  readonly code = 'INVALID_FACT'
  override readonly name = 'InvalidFactError'
}
