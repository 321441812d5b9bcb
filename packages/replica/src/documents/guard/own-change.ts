import * as Y from 'yjs'
import { UpdateEncoder } from '../update-codec/encoder.ts'
import { grownIn, updateOf, type Grown } from '../update-codec/transaction.ts'
import { vectorOf } from '../update-codec/vector.ts'
import { OversizedChangeError, RefusedUpdateError } from '../../errors.ts'
import { limits } from '../../limits.ts'
import { scan } from './scan.ts'
import * as encoding from 'lib0/encoding'

/**
 * Runs a change of this node's own as one transaction. What the other members would have to refuse is taken back before
 * the transaction ends: else it would stay here, and all later changes of this process with it.
 *
 * @throws OversizedChangeError: nothing was written
 */
export const performOwn = <T>(doc: Y.Doc, change: () => T, origin: symbol): T =>
  doc.transact((transaction) => {
    const value = change()
    const grown: Grown = {
      doc,
      beforeState: transaction.beforeState,
      afterState: new Map(vectorOf(doc)),
      deleteSet: transaction.deleteSet,
    }
    const problem = problemOf(grown)
    if (problem === undefined) return value
    takeBack(transaction, grown)
    throw new OversizedChangeError(problem)
  }, origin)

/** A change may be large, since it goes in slices; no part of it may be larger than what a member takes. */
const problemOf = (grown: Grown): string | undefined => {
  const update = updateOf(grown)
  if (update === undefined || problemOfUpdate(update) === undefined) return undefined
  for (const struct of structsOf(grown)) {
    const problem = problemOfUpdate(updateOfOne(struct))
    if (problem !== undefined) return problem
  }
  return undefined
}

const problemOfUpdate = (update: Uint8Array): string | undefined => {
  if (update.length > limits.update)
    return `a value of about ${update.length} bytes; allowed: up to ${limits.update}`
  try {
    scan(update)
    return undefined
  } catch (error) {
    if (error instanceof RefusedUpdateError) return error.message
    throw error
  }
}

const structsOf = (grown: Grown): readonly Y.Item[] =>
  grownIn(grown).flatMap(([client, from]) => {
    const structs = grown.doc.store.clients.get(client) ?? []
    return structs
      .slice(Y.findIndexSS(structs, from))
      .flatMap((struct) => (struct instanceof Y.Item ? [struct] : []))
  })

const updateOfOne = (struct: Y.Item): Uint8Array => {
  const encoder = new UpdateEncoder()
  for (const number of [1, 1, struct.id.client, struct.id.clock])
    encoding.writeVarUint(encoder.restEncoder, number)
  struct.write(encoder, 0)
  encoding.writeVarUint(encoder.restEncoder, 0)
  return encoding.toUint8Array(encoder.restEncoder)
}

/** Within the transaction, while what it deleted is still there. */
const takeBack = (transaction: Y.Transaction, grown: Grown): void => {
  for (const item of structsOf(grown)) {
    item.delete(transaction)
    // What is deleted keeps its key.
    if (Buffer.byteLength(item.parentSub ?? '') > limits.key) forget(transaction, item)
  }
  for (const [type, keys] of transaction.changed) {
    if (!(type instanceof Y.Map)) continue
    for (const key of keys) if (key !== null) restore(type, key, transaction)
  }
}

/** Leaves a gap of the item's length; nothing came before it under a key that is not allowed, and nothing after it. */
const forget = ({ doc, changed }: Y.Transaction, item: Y.Item): void => {
  const structs = doc.store.clients.get(item.id.client) ?? []
  structs[Y.findIndexSS(structs, item.id.clock)] = new Y.GC(item.id, item.length)
  if (!(item.parent instanceof Y.AbstractType) || item.parentSub === null) return
  item.parent._map.delete(item.parentSub)
  changed.get(item.parent)?.delete(item.parentSub)
}

/** Sets an entry to what it was, if that was a plain value. */
const restore = (map: Y.Map<unknown>, key: string, { beforeState, deleteSet }: Y.Transaction): void => {
  let item: Y.Item | null | undefined = map._map.get(key)
  while (item && item.id.clock >= (beforeState.get(item.id.client) ?? 0)) item = item.left
  if (!item || !Y.isDeleted(deleteSet, item.id) || item.content instanceof Y.ContentType) return
  map.set(key, item.content.getContent().at(-1))
}
