import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { writeDeletes } from './delete-slice.ts'
import { UpdateEncoder } from './encoder.ts'

/** What a transaction has changed; `afterState` is not there before it is over. */
export type Grown = Pick<Y.Transaction, 'doc' | 'beforeState' | 'afterState' | 'deleteSet'>

/**
 * The V1 update of one transaction, byte for byte as the event `update` of a document carries it. Yjs encodes that one
 * for every transaction as soon as somebody listens, and what came from a member or from the disk has been encoded
 * before. To be called in `afterTransactionCleanup`.
 *
 * @returns undefined if the transaction changed nothing
 */
export const updateOf = (transaction: Grown): Uint8Array | undefined => {
  const { deleteSet } = transaction
  const grown = grownIn(transaction)
  if (deleteSet.clients.size === 0 && grown.length === 0) return undefined
  const encoder = new UpdateEncoder()
  const { restEncoder } = encoder
  encoding.writeVarUint(restEncoder, grown.length)
  for (const [client, from] of grown) writeStructs(encoder, transaction.doc, client, from)
  writeDeletes(restEncoder, new Map(descending(deleteSet.clients)))
  return encoding.toUint8Array(restEncoder)
}

/** Authors of new structs, higher client ids first, and where theirs begin. */
export const grownIn = ({
  beforeState,
  afterState,
}: Pick<Grown, 'beforeState' | 'afterState'>): [client: number, from: number][] =>
  descending(afterState).flatMap(([client, clock]): [number, number][] => {
    const from = beforeState.get(client) ?? 0
    return clock > from ? [[client, from]] : []
  })

const descending = <T>(clients: ReadonlyMap<number, T>): [number, T][] =>
  [...clients].sort(([a], [b]) => b - a)

const writeStructs = (encoder: UpdateEncoder, doc: Y.Doc, client: number, from: number): void => {
  const structs = doc.store.clients.get(client) ?? []
  const first = Y.findIndexSS(structs, from)
  encoding.writeVarUint(encoder.restEncoder, structs.length - first)
  encoding.writeVarUint(encoder.restEncoder, client)
  encoding.writeVarUint(encoder.restEncoder, from)
  for (let index = first; index < structs.length; index += 1) {
    const struct = structs[index]
    struct?.write(encoder, Math.max(0, from - struct.id.clock))
  }
}
