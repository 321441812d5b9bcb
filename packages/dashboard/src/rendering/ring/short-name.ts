const longest = 11
const characters = new Intl.Segmenter('en')

/** Names that are given by machines differ at their end: that is what is kept of a long one. */
export const shortName = (name: string): string => {
  const all = Array.from(characters.segment(name), ({ segment }) => segment)
  return all.length > longest ? `…${all.slice(1 - longest).join('')}` : name
}
