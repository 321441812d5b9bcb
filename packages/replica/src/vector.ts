import * as Y from 'yjs'

/** A state vector: of each author, how many clock ticks are known. */
export type Vector = ReadonlyMap<number, number>

export const vectorOf = (doc: Y.Doc): Vector =>
  new Map([...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)]))
