import * as Y from 'yjs'

/** One foreign update, decoded and within the bounds, in the terms of the owner of the document. */
export interface Change {
  /** Entries of root maps that it would set. */
  readonly entries: readonly (Place & { readonly value: unknown })[]
  /** Live entries of root maps, or entries of this change, that it would delete. */
  readonly deletions: readonly Place[]
  /** Root map entries that arrive deleted, and hide nothing that lives. */
  readonly tombstones?: readonly Place[]
  /** Anything else: text, lists, nested types, entries that replace others, collected garbage. */
  readonly others: number
}

export interface Place {
  readonly root: string
  readonly key: string
}

export type Decoded = ReturnType<typeof Y.decodeUpdate>

/** A root map entry that the update brings. `live`: with a value, and not in the update's own delete set. */
interface Arrival extends Place {
  readonly item: Y.Item
  readonly live: boolean
}

/** What an update would do to the document, before it is applied. The document stays as it is. */
export const describe = (doc: Y.Doc, { structs, ds }: Decoded): Change => {
  const arrivals: Arrival[] = []
  const entries: (Place & { value: unknown })[] = []
  const hasDeletes = ds.clients.size > 0
  let others = 0
  for (const struct of structs) {
    if (struct.id.clock + struct.length <= Y.getState(doc.store, struct.id.client)) continue
    const place = placeOf(struct)
    if (place === undefined || !(struct instanceof Y.Item)) {
      others += 1
      continue
    }
    const { root, key } = place
    const isSet = struct.content instanceof Y.ContentAny
    if (struct.content instanceof Y.ContentAny) entries.push({ root, key, value: struct.content.arr[0] })
    arrivals.push({ root, key, item: struct, live: isSet && !(hasDeletes && Y.isDeleted(ds, struct.id)) })
  }
  const { gone, rest } = deletedHere(doc, ds)
  return { entries, ...outcomes(doc, arrivals, gone), others: others + rest }
}

/**
 * Where a struct goes if it is one unit in a root map that replaces nothing: an item with an origin takes its
 * place from there, and so replaces or follows something.
 */
const placeOf = (struct: Decoded['structs'][number]): Place | undefined => {
  if (!(struct instanceof Y.Item) || struct.length !== 1) return undefined
  const { parentSub, content } = struct
  const root = rootNameOf(struct)
  const isUnit = content instanceof Y.ContentAny || content instanceof Y.ContentDeleted
  return root === undefined || parentSub === null || !isUnit ? undefined : { root, key: parentSub }
}

/** A decoded item names its root by a string, whatever the typings say. */
export const rootNameOf = (item: Y.Item): string | undefined => {
  const parent: unknown = item.parent
  return typeof parent === 'string' ? parent : undefined
}

/** The live root map entries that the delete set hits, and how much else it hits. */
const deletedHere = (doc: Y.Doc, { clients }: Decoded['ds']): { gone: Map<Y.Item, Place>; rest: number } => {
  const gone = new Map<Y.Item, Place>()
  let rest = 0
  for (const [client, ranges] of clients) {
    for (const { clock, len } of ranges) {
      for (const item of liveItems(doc, client, clock, clock + len)) {
        const { parent, parentSub } = item
        const isEntry = parent instanceof Y.AbstractType && parent._item === null && parentSub !== null
        if (isEntry) gone.set(item, { root: Y.findRootTypeKey(parent), key: parentSub })
        else rest += 1
      }
    }
  }
  return { gone, rest }
}

const liveItems = function* (doc: Y.Doc, client: number, from: number, to: number): Generator<Y.Item> {
  const structs = doc.store.clients.get(client) ?? []
  if (from >= Y.getState(doc.store, client)) return
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct === undefined || struct.id.clock >= to) return
    if (struct instanceof Y.Item && !struct.deleted) yield struct
  }
}

/** Of several items under a key Yjs lets the one of the highest client id stand, and deletes the others. */
const outcomes = (
  doc: Y.Doc,
  arrivals: readonly Arrival[],
  gone: ReadonlyMap<Y.Item, Place>,
): Required<Pick<Change, 'deletions' | 'tombstones'>> => {
  const [deletions, tombstones]: [Place[], Place[]] = [[], []]
  for (const { root, key, here, brought } of byKey(doc, arrivals, gone)) {
    if (here === undefined && brought.every(({ live }) => live)) continue
    const isLiveHere = here !== undefined && !here.deleted
    const standing = [
      ...brought,
      ...(here === undefined ? [] : [{ item: here, live: isLiveHere && !gone.has(here) }]),
    ].toSorted((a, b) => b.item.id.client - a.item.id.client)
    if (standing[0]?.live === true) continue
    const isLoss = isLiveHere || brought.some(({ item }) => item.content instanceof Y.ContentAny)
    if (isLoss) deletions.push({ root, key })
    else if (brought.length > 0) tombstones.push({ root, key })
  }
  return { deletions, tombstones }
}

interface Key extends Place {
  readonly here: Y.Item | undefined
  readonly brought: Pick<Arrival, 'item' | 'live'>[]
}

const byKey = function* (
  doc: Y.Doc,
  arrivals: readonly Arrival[],
  gone: ReadonlyMap<Y.Item, Place>,
): Iterable<Key> {
  const roots = new Map<string, Map<string, Key>>()
  const at = ({ root, key }: Place): Key => {
    const keys = roots.get(root) ?? new Map<string, Key>()
    roots.set(root, keys)
    const known = keys.get(key)
    if (known !== undefined) return known
    // oxlint-disable-next-line no-underscore-dangle -- the item that stands under the key now, if only as a tombstone
    const made = { root, key, here: doc.share.get(root)?._map.get(key), brought: [] }
    keys.set(key, made)
    return made
  }
  for (const arrival of arrivals) at(arrival).brought.push(arrival)
  for (const place of gone.values()) at(place)
  for (const keys of roots.values()) yield* keys.values()
}
