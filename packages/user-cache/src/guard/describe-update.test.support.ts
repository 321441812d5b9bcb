/** What a replica's guard says of an update before it is applied: the least that `policy` needs to be told. */
import * as Y from 'yjs'
import type { Change } from './policy.ts'

interface Place {
  readonly root: string
  readonly key: string
}

/** A root map entry that the update brings. `live`: with a value, and not in the update's own delete set. */
interface Arrival extends Place {
  readonly item: Y.Item
  readonly live: boolean
}

type Decoded = ReturnType<typeof Y.decodeUpdate>

export function describeUpdate(doc: Y.Doc, update: Uint8Array): Change {
  const { structs, ds } = Y.decodeUpdate(update)
  const arrivals: Arrival[] = []
  const entries: Change['entries'][number][] = []
  let others = gaps(doc, structs, ds)
  for (const struct of structs) {
    const known = Y.getState(doc.store, struct.id.client)
    if (struct instanceof Y.Skip || struct.id.clock + struct.length <= known) continue
    const place = placeOf(struct)
    if (place === undefined || !(struct instanceof Y.Item)) {
      others += 1
      continue
    }
    const [value, isSet] = valueOf(struct)
    if (isSet) entries.push({ ...place, value })
    arrivals.push({ ...place, item: struct, live: isSet && !Y.isDeleted(ds, struct.id) })
  }
  const { gone, rest } = deletedHere(doc, ds)
  return { entries, ...outcomes(doc, arrivals, gone), others: others + rest }
}

/** Where a struct goes if it is one unit in a root map, set or deleted, that replaces nothing. */
function placeOf(struct: Y.Item | Y.GC): Place | undefined {
  if (!(struct instanceof Y.Item) || struct.length !== 1) return undefined
  const { parent, parentSub, content } = struct
  const isUnit = content instanceof Y.ContentAny || content instanceof Y.ContentDeleted
  if (typeof parent !== 'string' || parentSub === null || !isUnit) return undefined
  return { root: parent, key: parentSub }
}

function valueOf({ content }: Y.Item): [value: unknown, isSet: boolean] {
  return content instanceof Y.ContentAny ? [content.arr[0], true] : [undefined, false]
}

/** What builds on, or deletes, what is neither here nor in the update: a replica asks for that first. */
function gaps(doc: Y.Doc, structs: Decoded['structs'], { clients }: Decoded['ds']): number {
  const ends = new Map<number, number>()
  const endOf = (client: number): number => ends.get(client) ?? Y.getState(doc.store, client)
  let count = 0
  for (const { id, length } of structs) {
    if (id.clock > endOf(id.client)) count += 1
    ends.set(id.client, Math.max(endOf(id.client), id.clock + length))
  }
  for (const [client, ranges] of clients) {
    count += ranges.filter(({ clock, len }) => clock + len > endOf(client)).length
  }
  return count
}

/** The live root map entries that the delete set hits, and how much else it hits. */
function deletedHere(doc: Y.Doc, { clients }: Decoded['ds']): { gone: Map<Y.Item, Place>; rest: number } {
  const gone = new Map<Y.Item, Place>()
  let rest = 0
  for (const [client, ranges] of clients) {
    const structs = doc.store.clients.get(client) ?? []
    for (const { clock, len } of ranges) {
      if (clock >= Y.getState(doc.store, client)) continue
      for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
        const struct = structs[index]
        if (struct === undefined || struct.id.clock >= clock + len) break
        if (!(struct instanceof Y.Item) || struct.deleted) continue
        const { parent, parentSub } = struct
        const isRoot = parent instanceof Y.AbstractType && parent._item === null && parentSub !== null
        if (isRoot) gone.set(struct, { root: Y.findRootTypeKey(parent), key: parentSub })
        else rest += 1
      }
    }
  }
  return { gone, rest }
}

/** Of several items under a key Yjs lets the one of the highest client id stand, and deletes the others. */
function outcomes(
  doc: Y.Doc,
  arrivals: readonly Arrival[],
  gone: ReadonlyMap<Y.Item, Place>,
): Pick<Change, 'deletions' | 'tombstones'> {
  const [deletions, tombstones]: [Place[], Place[]] = [[], []]
  for (const { root, key, here, brought } of byKey(doc, arrivals, gone)) {
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

function byKey(doc: Y.Doc, arrivals: readonly Arrival[], gone: ReadonlyMap<Y.Item, Place>): Iterable<Key> {
  const keys = new Map<string, Key>()
  const at = ({ root, key }: Place): Key => {
    const name = JSON.stringify([root, key])
    // oxlint-disable-next-line no-underscore-dangle -- the item that stands under the key now, if only as a tombstone
    const here = doc.share.get(root)?._map.get(key)
    const known = keys.get(name) ?? { root, key, here, brought: [] }
    keys.set(name, known)
    return known
  }
  for (const arrival of arrivals) at(arrival).brought.push(arrival)
  for (const place of gone.values()) at(place)
  return keys.values()
}
