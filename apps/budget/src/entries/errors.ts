/** What was typed cannot be an entry. Nothing was written; show the message to the person. */
export class InvalidEntryError extends Error {
  override readonly name = 'InvalidEntryError'
  readonly code = 'INVALID_ENTRY'
}
