import { OptionError } from './errors.ts'

/** @throws OptionError for a name that is not known: a misspelt option would do nothing, and a test would pass for it */
export const checkKeys = (given: object, known: readonly string[]): void => {
  for (const [name, value] of Object.entries(given))
    if (!known.includes(name)) throw new OptionError(name, value, `one of the options ${known.join(', ')}`)
}
