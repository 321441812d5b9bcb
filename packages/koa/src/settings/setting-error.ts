/** A setting is missing or wrong: which, what was seen, what is allowed. Nothing was started. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
  readonly code = 'SETTING'

  constructor(variable: string, problem: string) {
    super(`${variable}: ${problem}`)
  }
}
