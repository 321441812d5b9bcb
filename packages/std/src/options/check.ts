import { InvalidOptionError } from './option-error.ts'
import { shapeOf, shown } from './shown.ts'

/**
 * Returns the value as it is to be used.
 *
 * @throws InvalidOptionError with the option's path, what was seen and what is allowed
 */
export type Check<T> = (option: string, value: unknown) => T

/** The value, if it is one that the predicate knows. */
export const check =
  <T>(is: (value: unknown) => value is T, allowed: string): Check<T> =>
  (option, value) => {
    if (is(value)) return value
    throw new InvalidOptionError(option, shown(value), allowed)
  }

/** A whole number, both bounds included. */
export const wholeNumber = (least: number, most: number): Check<number> =>
  check(
    (value): value is number => Number.isSafeInteger(value) && isBetween(value, least, most),
    `a whole number ${range(least, most)}`,
  )

/** A number, both bounds included; never NaN or infinite. */
export const numberBetween = (least: number, most: number): Check<number> =>
  check(
    (value): value is number => Number.isFinite(value) && isBetween(value, least, most),
    `a number ${range(least, most)}`,
  )

export const oneOf = <const T extends string>(...values: readonly T[]): Check<T> =>
  check(
    (value): value is T => values.some((known) => known === value),
    values.map((v) => `"${v}"`).join(', '),
  )

export const flag: Check<boolean> = check((value) => typeof value === 'boolean', 'true or false')

/** Text of so many UTF-16 units, both bounds included. */
export const text = (least: number, most: number): Check<string> =>
  check(
    (value): value is string => typeof value === 'string' && isBetween(value.length, least, most),
    `text of ${least} to ${most} characters`,
  )

/** @param allowed - the pattern in words */
export const textLike = (pattern: RegExp, allowed: string): Check<string> =>
  check((value): value is string => typeof value === 'string' && pattern.test(value), allowed)

/** As `text`, for what no message may show. */
export const secretText =
  (least: number, most: number): Check<string> =>
  (option, value) => {
    if (typeof value === 'string' && isBetween(value.length, least, most)) return value
    throw new InvalidOptionError(option, shapeOf(value), `text of ${least} to ${most} characters, random`)
  }

/** A function of the type that the option has; what it takes and returns cannot be asked. */
export const callback = <T extends (...given: never) => unknown>(): Check<T> =>
  check((value): value is T => typeof value === 'function', 'a function')

/** An object with these methods: a port. Its class is not asked for, as it may be another copy's. */
export const withMethods = <T extends object>(...methods: readonly (keyof T & string)[]): Check<T> =>
  check(
    (value): value is T => methods.every((name) => typeof propertyOf(value, name) === 'function'),
    `an object with ${methods.map((name) => `${name}()`).join(', ')}`,
  )

export const abortSignal: Check<AbortSignal> = check(
  (value): value is AbortSignal => typeof propertyOf(value, 'aborted') === 'boolean',
  'an AbortSignal',
)

/** A list in which each entry passes the check. */
export const listOf =
  <T>(entry: Check<T>, least: number, most: number): Check<readonly T[]> =>
  (option, value) => {
    if (!Array.isArray(value) || !isBetween(value.length, least, most))
      throw new InvalidOptionError(option, shapeOf(value), `a list of ${least} to ${most} entries`)
    return value.map((one, index) => entry(`${option}[${index}]`, one))
  }

/** May be left out; then it is `undefined`. */
export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (option, value) =>
    value === undefined ? undefined : check(option, value)

/** May be left out; then it is the default, which is held against the check as well. */
export const orElse =
  <T>(check: Check<T>, byDefault: T): Check<T> =>
  (option, value) =>
    check(option, value === undefined ? byDefault : value)

const isBetween = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most

const range = (least: number, most: number): string =>
  most === Number.MAX_SAFE_INTEGER || most === Infinity ? `from ${least}` : `from ${least} to ${most}`

const propertyOf = (value: unknown, name: string): unknown =>
  (typeof value === 'object' || typeof value === 'function') && value !== null
    ? Reflect.get(value, name)
    : undefined
