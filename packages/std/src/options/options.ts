import type { Check } from './check.ts'
import { InvalidOptionError } from './option-error.ts'
import { shapeOf } from './shown.ts'

/** A check for each option that there is; the compiler misses one that is forgotten, and one too many. */
export type Checks<Options extends object> = {
  readonly [Name in keyof Options]-?: Check<Options[Name] | undefined>
}

/** The options as the checks return them: complete with their defaults. */
export type Checked<All extends Readonly<Record<string, Check<unknown>>>> = {
  readonly [Name in keyof All]: ReturnType<All[Name]>
}

/**
 * Holds options against their checks, and refuses any that has none: a misspelt option would do nothing, silently.
 * The value of an unknown option is not shown, as it may be a misspelt secret.
 *
 * @param within - the path of the options themselves, such as `timings`; '' where they are the outermost
 * @throws InvalidOptionError for the first that is not allowed
 */
export const checkOptions = <All extends Readonly<Record<string, Check<unknown>>>>(
  options: unknown,
  checks: All,
  within = '',
): Checked<All> => {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidOptionError(within === '' ? 'options' : within, shapeOf(options), 'an object')
  const path = (name: string): string => (within === '' ? name : `${within}.${name}`)
  const names = Object.keys(checks)
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(checks, name))
  if (unknown !== undefined)
    throw new InvalidOptionError(path(unknown.slice(0, 60)), 'unknown', names.join(', '))
  const checked = names.map((name) => [name, checks[name]?.(path(name), Reflect.get(options, name))])
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value comes from the check of its name
  return Object.fromEntries(checked) as Checked<All>
}

/** Options within an option, each with its own check. */
export const group =
  <All extends Readonly<Record<string, Check<unknown>>>>(checks: All): Check<Checked<All>> =>
  (option, value) =>
    checkOptions(value, checks, option)
