/** What a process is told from outside. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The text of a variable, without blanks around it. One that is set to nothing is not set: compose files write
 * `${VARIABLE:-}` for what nobody gave.
 */
export const textOf = (env: Environment, variable: string): string | undefined => {
  const text = env[variable]?.trim()
  return text === '' ? undefined : text
}

export const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
