import * as Y from 'yjs'
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

/** What an item names: its neighbours at birth, or the type that it is in. */
export function* dependencies(item: Y.Item): Generator<Y.ID> {
  if (item.origin !== null) yield item.origin
  if (item.rightOrigin !== null) yield item.rightOrigin
  if (item.parent instanceof Y.ID) yield item.parent
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- the typings forget that a parent may be collected
  else if (item.parent instanceof Y.AbstractType && item.parent._item !== null) yield item.parent._item.id
}
