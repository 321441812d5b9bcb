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

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const mostDays = 30

/** Such as `24h`, or `never`. @returns milliseconds, or Infinity */
export const longTimeOrNeverOf = (variable: string, value: string): number => {
  if (value === 'never') return Number.POSITIVE_INFINITY
  const [, digits, unit = ''] = /^(\d{1,7})([smhd])$/.exec(value) ?? []
  const time = Number(digits) * (units[unit] ?? Number.NaN)
  if (time > 0 && time <= mostDays * 86_400_000) return time
  throw new SettingError(
    variable,
    `${JSON.stringify(value)} is neither a time such as 90s, 30m, 24h or 7d, up to ${mostDays}d, nor never`,
  )
}
