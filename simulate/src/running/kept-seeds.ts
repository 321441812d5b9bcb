/** Seeds that ever found something, and what: they are run again by the unit tests. */
export const keptSeeds: readonly { readonly seed: number; readonly found: string }[] = [
  { seed: 23, found: 'a machine whose disk failed at a start stayed down (of the simulation itself)' },
]
