import { isError } from '@grapevine/std'

/** One line that names what is wrong; a stack only for what nobody foresaw. */
export const failureOf = (error: unknown): string => {
  if (!isError(error)) return String(error)
  return 'code' in error ? error.message : (error.stack ?? error.message)
}

export const fail = (error: unknown): never => {
  process.stderr.write(`${failureOf(error)}\n`)
  process.exit(1)
}
