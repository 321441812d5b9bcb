import { BoundedMap } from '@grapevine/std'

/** How long after one instance others need not say the same, in ms; and how many lines are remembered. */
const together = 10_000
const mostRemembered = 200

/** Whether a line is new: what several instances say at about the same time is said by the first of them. */
export const sayOnce = (now: () => number): ((name: string, line: string) => boolean) => {
  const said = new BoundedMap<string, { readonly name: string; readonly at: number }>(mostRemembered)
  return (name, line) => {
    // Times differ by seconds, and say nothing else.
    const words = line.replace(/^\d\d:\d\d:\d\d /, '')
    const first = said.get(words)
    if (first !== undefined && first.name !== name && now() - first.at < together) return false
    said.set(words, { name, at: now() })
    return true
  }
}
