/** One line that names what is wrong; a stack only for what nobody foresaw. */
export const failureOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? error.message : (error.stack ?? error.message)
}

export const fail = (error: unknown): never => {
  process.stderr.write(`${failureOf(error)}\n`)
  process.exit(1)
}
