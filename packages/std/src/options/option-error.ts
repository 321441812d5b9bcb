/**
 * An option is missing, unknown or outside of what is allowed. Nothing was started or changed.
 *
 * Packages may hold different copies of this class: ask for `code`, not for `instanceof`.
 */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError'
  readonly code = 'INVALID_OPTION'
  /** Its path, such as `timings.probeInterval`. */
  readonly option: string

  /**
   * @param seen - in words: `shown(value)`, or `shapeOf(value)` for what must not be shown
   * @param allowed - in words
   */
  constructor(option: string, seen: string, allowed: string) {
    super(`${option} is ${seen}; allowed: ${allowed}`)
    this.option = option
  }
}
