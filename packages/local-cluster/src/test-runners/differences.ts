/** Says who differs from the first, and in what; nothing if all say the same. */
export const differences = (all: readonly { name: string; says: unknown }[]): string | undefined => {
  const [first, ...others] = all
  if (first === undefined) return 'there is no node to ask'
  const wanted = json(first.says)
  const lines = others.flatMap(({ name, says }) => {
    const seen = json(says)
    if (seen === wanted) return []
    const at = firstDifference(seen, wanted)
    return `${name} differs from ${first.name} at character ${at}: ${around(seen, at)} instead of ${around(wanted, at)}`
  })
  return lines.length === 0 ? undefined : lines.join('\n')
}

const firstDifference = (seen: string, wanted: string): number => {
  const at = seen.split('').findIndex((character, index) => character !== wanted[index])
  // None: what was seen is the beginning of what was wanted.
  return at === -1 ? seen.length : at
}

const context = 40

const around = (text: string, at: number): string => {
  const start = Math.max(0, at - context)
  return `${start > 0 ? '…' : ''}${text.slice(start, start + 2 * context)}${text.length > start + 2 * context ? '…' : ''}`
}

/** With the keys of objects in order: in which order a node has put them says nothing. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? 'undefined'
