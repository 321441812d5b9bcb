import { SettingError } from './setting-error.ts'

export type LogLevel = (typeof logLevels)[number]
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const portOf = (variable: string, value: string): number => {
  const number = Number(value)
  if (!/^\d{1,5}$/.test(value) || number < 1 || number > 65_535) {
    throw new SettingError(variable, `${JSON.stringify(value)} is not a port from 1 to 65535`)
  }
  return number
}

export const nameOf = (variable: string, value: string): string => {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(value)) return value
  throw new SettingError(
    variable,
    `${JSON.stringify(value)} is not a name of 1 to 64 letters, digits, dots, dashes and underscores`,
  )
}

export const wholeNumberOf = (
  variable: string,
  value: string,
  { least, most, unit }: { readonly least: number; readonly most: number; readonly unit: string },
): number => {
  const number = Number(value)
  if (/^\d{1,15}$/.test(value) && number >= least && number <= most) return number
  throw new SettingError(
    variable,
    `${JSON.stringify(value)} is not a number of ${unit} from ${least} to ${most}`,
  )
}

export const logLevelOf = (variable: string, value: string): LogLevel => {
  const level = logLevels.find((known) => known === value)
  if (level !== undefined) return level
  throw new SettingError(variable, `${JSON.stringify(value)} is none of ${logLevels.join(', ')}`)
}

/** The id of an account. A name is none: it belongs to whoever signs up with it first. */
export const operatorOf = (variable: string, id: string): string => {
  if (/^[\w-]{1,128}$/.test(id)) return id
  throw new SettingError(variable, `${JSON.stringify(id)} is no account id; an account's page shows it`)
}
