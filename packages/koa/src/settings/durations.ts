import { SettingError } from './setting-error.ts'

const mostSeconds = 3_600

/** Seconds, also parts of one. @returns milliseconds */
export const secondsOf = (variable: string, value: string): number => {
  const [, digits] = /^(\d{1,4}(?:\.\d{1,3})?)s?$/.exec(value) ?? []
  if (digits !== undefined && Number(digits) <= mostSeconds) return Math.round(Number(digits) * 1_000)
  throw new SettingError(
    variable,
    `${JSON.stringify(value)} is not a number of seconds from 0 to ${mostSeconds}`,
  )
}

/** Seconds, or `never`. @returns milliseconds, or Infinity */
export const secondsOrNeverOf = (variable: string, value: string): number => {
  if (value === 'never') return Number.POSITIVE_INFINITY
  try {
    return secondsOf(variable, value)
  } catch {
    throw new SettingError(
      variable,
      `${JSON.stringify(value)} is neither a number of seconds from 0 to ${mostSeconds} nor never`,
    )
  }
}
