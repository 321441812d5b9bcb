/** An option that cannot work; nothing was set up. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
  readonly option: string

  constructor(option: string, seen: string, allowed: string) {
    super(`${option}: ${seen}; allowed: ${allowed}`)
    this.option = option
  }
}
