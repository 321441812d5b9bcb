/** Rows under a heading, in columns as wide as what stands in them. */
export const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string => {
  const all = [heading, ...rows.map((row) => row.map(shown))]
  const widths = heading.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${all.map(line).join('\n')}\n`
}

/** What others chose themselves must not move the cursor or change colours. */
export const shown = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')

/** A field of an answer as text, whatever it is. */
export const fieldOf = (answer: unknown, name: string, otherwise = '–'): string => {
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined
  if (value === undefined || value === null) return otherwise
  return shown(typeof value === 'string' ? value : JSON.stringify(value))
}
