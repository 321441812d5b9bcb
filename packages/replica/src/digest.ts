import { createHash } from 'node:crypto'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/**
 * A digest of a document's content, kept up to date at the cost of what changes. It sums (as in AdHash;
 * Bellare, Micciancio 1997) a hash of every unit of content: its id, its place, its value, or, where it is
 * deleted, only that. The sum does not depend on order, on how units are stored, or on which garbage was
 * collected; so equal digests mean equal content. State vectors cannot promise that: they ignore deletes,
 * and a client id used twice.
 *
 * It detects accidents; it is no proof against a member that searches for collisions.
 */
export interface ContentDigest {
  /** 64 hexadecimal digits. */
  value(): string
  close(): void
}

type Struct = Y.Item | Y.GC | Y.Skip

export const contentDigest = (doc: Y.Doc): ContentDigest => {
  const sum = new Uint32Array(8)
  for (const structs of doc.store.clients.values())
    for (const struct of structs) addStruct(sum, struct, struct.id.clock)
  const onTransaction = (transaction: Y.Transaction): void => {
    addInserted(sum, transaction)
    replaceDeleted(sum, transaction)
  }
  doc.on('afterTransaction', onTransaction)
  return {
    value: () => Buffer.from(sum.buffer, sum.byteOffset, sum.byteLength).toString('hex'),
    close: () => doc.off('afterTransaction', onTransaction),
  }
}

const addInserted = (sum: Uint32Array, { afterState, beforeState, doc }: Y.Transaction): void => {
  for (const [client, after] of afterState) {
    const before = beforeState.get(client) ?? 0
    if (after <= before) continue
    for (const struct of structsFrom(doc, client, before)) addStruct(sum, struct, before)
  }
}

/** Units that were there before and are deleted now change from their content to a tombstone. */
const replaceDeleted = (sum: Uint32Array, { deleteSet, beforeState, doc }: Y.Transaction): void => {
  for (const [client, ranges] of deleteSet.clients) {
    const known = beforeState.get(client) ?? 0
    for (const { clock, len } of ranges) {
      const end = Math.min(clock + len, known)
      if (clock >= end) continue
      for (const struct of structsFrom(doc, client, clock)) {
        if (struct.id.clock >= end) break
        tombstone(sum, struct, clock, end)
      }
    }
  }
}

const tombstone = (sum: Uint32Array, struct: Struct, from: number, to: number): void => {
  const last = Math.min(struct.id.clock + struct.length, to)
  for (let clock = Math.max(struct.id.clock, from); clock < last; clock += 1) {
    accumulate(sum, unitHash(struct, clock, false), -1)
    accumulate(sum, unitHash(struct, clock, true), 1)
  }
}

const addStruct = (sum: Uint32Array, struct: Struct, from: number): void => {
  const end = struct.id.clock + struct.length
  for (let clock = Math.max(struct.id.clock, from); clock < end; clock += 1) {
    accumulate(sum, unitHash(struct, clock, struct.deleted), 1)
  }
}

function* structsFrom(doc: Y.Doc, client: number, clock: number): Generator<Struct> {
  const structs = doc.store.clients.get(client) ?? []
  if (structs.length === 0) return
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct !== undefined) yield struct
  }
}

const unitHash = (struct: Struct, clock: number, deleted: boolean): Buffer => {
  const encoder = new Y.UpdateEncoderV1()
  encoding.writeVarUint(encoder.restEncoder, struct.id.client)
  encoding.writeVarUint(encoder.restEncoder, clock)
  if (struct instanceof Y.Item && !deleted) {
    encoding.writeVarString(encoder.restEncoder, placeOf(struct))
    writeUnit(encoder, struct.content, clock - struct.id.clock)
  }
  return createHash('sha256').update(encoding.toUint8Array(encoder.restEncoder)).digest()
}

const placeOf = (item: Y.Item): string => {
  const { parent, parentSub } = item
  const key = parentSub === null ? '' : `.${parentSub}`
  if (parent instanceof Y.AbstractType) {
    const { _item: owner } = parent
    return owner === null
      ? `/${Y.findRootTypeKey(parent)}${key}`
      : `${owner.id.client}:${owner.id.clock}${key}`
  }
  return key
}

/** Values and characters may be stored in one run or in many; each is hashed on its own. */
const writeUnit = (encoder: Y.UpdateEncoderV1, content: Y.Item['content'], offset: number): void => {
  encoding.writeUint8(encoder.restEncoder, content.getRef())
  if (content instanceof Y.ContentAny) encoding.writeAny(encoder.restEncoder, content.arr[offset])
  else if (content instanceof Y.ContentString)
    encoding.writeVarUint(encoder.restEncoder, content.str.charCodeAt(offset))
  else if (content instanceof Y.ContentJSON)
    encoding.writeVarString(encoder.restEncoder, JSON.stringify(content.arr[offset]) ?? '')
  else content.write(encoder, 0)
}

const accumulate = (sum: Uint32Array, hash: Buffer, sign: 1 | -1): void => {
  for (let lane = 0; lane < sum.length; lane += 1) {
    sum[lane] = (sum[lane] ?? 0) + sign * hash.readUInt32LE(lane * 4)
  }
}
