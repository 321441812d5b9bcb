/** While one write is under way the next ones gather, and share the following flush. */
export const groupCommit = <T>(
  write: (items: readonly T[]) => Promise<void>,
): ((item: T) => Promise<void>) => {
  let gathering: { readonly items: T[]; readonly written: Promise<void> } | undefined
  let previous: Promise<unknown> = Promise.resolve()
  return (item) => {
    if (gathering === undefined) {
      const items: T[] = []
      const written = previous.then(() => {
        gathering = undefined
        return write(items)
      })
      previous = written.catch(() => undefined)
      gathering = { items, written }
    }
    gathering.items.push(item)
    return gathering.written
  }
}
