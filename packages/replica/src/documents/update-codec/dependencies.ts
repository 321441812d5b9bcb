import * as Y from 'yjs'

/** What an item names: its neighbours at birth, or the type that it is in. */
export const dependencies = function* (item: Y.Item): Generator<Y.ID> {
  if (item.origin !== null) yield item.origin
  if (item.rightOrigin !== null) yield item.rightOrigin
  if (item.parent instanceof Y.ID) yield item.parent
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- the typings forget that a parent may be collected
  else if (item.parent instanceof Y.AbstractType && item.parent._item !== null) yield item.parent._item.id
}
