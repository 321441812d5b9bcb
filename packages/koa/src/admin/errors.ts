/** A command of the operator cannot be carried out; nothing was changed. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly code: 'UNKNOWN_NAME' | 'AMBIGUOUS_NAME' | 'MISSING_NAME' | 'NOT_DOWN'

  constructor(code: AdminError['code'], message: string) {
    super(message)
    this.code = code
  }
}
