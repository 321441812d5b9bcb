const mostCharacters = 60

/** A value in a few words, for a message: text and numbers as they are, cut after 60 characters; of all else its kind. */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return `${cut(String(value))}n`
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  return shapeOf(value)
}

/** What kind of value it is and how large, without a character of it: for secrets. */
export const shapeOf = (value: unknown): string => {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `text of ${counted(value.length, 'character')}`
  if (Array.isArray(value)) return `a list of ${counted(value.length, 'entry', 'entries')}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const quoted = (text: string): string => {
  const whole = text.length <= mostCharacters
  return whole ? JSON.stringify(text) : `${JSON.stringify(cut(text))} (${counted(text.length, 'character')})`
}

const cut = (text: string): string =>
  text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`
