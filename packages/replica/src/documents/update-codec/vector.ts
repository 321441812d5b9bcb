import * as Y from 'yjs'

/** A state vector: of each author, how many clock ticks are known. */
export type Vector = ReadonlyMap<number, number>

export const vectorOf = (doc: Y.Doc): Vector =>
  new Map([...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)]))

/** What is known to whoever knows both. */
export const joined = (one: Vector, other: Vector): Vector => {
  const both = new Map(one)
  for (const [client, clock] of other) if (clock > (both.get(client) ?? 0)) both.set(client, clock)
  return both
}

export const goesBeyond = (one: Vector, other: Vector): boolean =>
  [...one].some(([client, clock]) => clock > (other.get(client) ?? 0))
