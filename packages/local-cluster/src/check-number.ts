import { OptionError } from './errors.ts'

/** @throws OptionError unless it is a whole number in these bounds */
export const checkNumber = (option: string, seen: number, least: number, most: number): number => {
  if (!Number.isInteger(seen) || seen < least || seen > most) {
    throw new OptionError(option, seen, `a whole number from ${least} to ${most}`)
  }
  return seen
}
