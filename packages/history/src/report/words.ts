const longestText = 80

/** What a program under test made up, fit for one line: without control characters, and of bounded length. */
export const oneLine = (text: string, longest: number = longestText): string => {
  const clean = text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\uFFFE\uFFFF]/gu, '\uFFFD')
  return clean.length > longest ? `${clean.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : clean
}

/** A time, in seconds from the beginning. */
export const seconds = (time: number, origin: number): string => `${((time - origin) / 1_000).toFixed(2)} s`

export const milliseconds = (ms: number): string => `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`

/** A few of them, and how many more there are. */
export const some = (items: readonly string[], most: number): string => {
  const rest = items.length > most ? `, and ${items.length - most} more` : ''
  return `${items.slice(0, most).join(', ')}${rest}`
}

/** In the order of people: node-2 before node-10. */
export const byName = (a: string, b: string): number => collator.compare(a, b)

const collator = new Intl.Collator('en', { numeric: true })

/** Of some things, when the first began; Infinity if there are none. */
export const beginOf = (things: readonly { readonly from: number }[]): number =>
  things.reduce((least, { from }) => Math.min(least, from), Infinity)
