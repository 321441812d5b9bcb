import * as Y from 'yjs'
import { dependencies } from '../update-codec/dependencies.ts'
import type { Decoded } from './describe.ts'

/**
 * Whether an update builds on something that is neither here nor in it. Yjs would keep such an update aside as
 * pending, in one lump that grows with each and is merged anew each time: 2,000 of them cost 10 s. So a replica
 * never applies one; it asks for what comes before instead.
 */
export const hasGap = (doc: Y.Doc, { structs, ds }: Decoded): boolean => {
  const ends = new Map<number, number>()
  const endOf = (client: number): number => ends.get(client) ?? Y.getState(doc.store, client)
  for (const { id, length } of structs) {
    if (id.clock > endOf(id.client)) return true
    ends.set(id.client, Math.max(endOf(id.client), id.clock + length))
  }
  for (const struct of structs) {
    if (!(struct instanceof Y.Item) || isFirstInRoot(struct)) continue
    for (const { client, clock } of dependencies(struct)) {
      if (clock >= (client === struct.id.client ? struct.id.clock : endOf(client))) return true
    }
  }
  return [...ds.clients].some(([client, ranges]) =>
    ranges.some(({ clock, len }) => clock + len > endOf(client)),
  )
}

/** Decoded, such an item names its root by a string, and nothing else. */
const isFirstInRoot = ({ origin, rightOrigin, parent }: Y.Item): boolean =>
  origin === null && rightOrigin === null && typeof parent === 'string'
