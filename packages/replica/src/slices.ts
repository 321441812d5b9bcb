import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'

/** A part of what a state vector lacks, as a V1 update of its own. */
export interface Slice {
  readonly update: Uint8Array
  /** Whether nothing is missing after it; only then the deletes are in it. */
  readonly last: boolean
}

type Structs = (Y.Item | Y.GC)[]

/** Structs of one client, encoded. */
interface Run {
  readonly client: number
  /** First clock that is missing. */
  readonly from: number
  readonly count: number
  readonly bytes: Uint8Array
}

/**
 * The next slice for somebody whose state vector is `known`, of about `size` bytes. Clients are sent one
 * after the other and each from its first missing struct, so that a receiver that applies a slice has a
 * larger state vector, with which it asks for the next one; the sender keeps nothing in between.
 */
export const nextSlice = (doc: Y.Doc, known: ReadonlyMap<number, number>, size: number): Slice => {
  const runs: Run[] = []
  let left = size
  let last = true
  for (const [client, from] of missingClients(doc, known)) {
    if (left <= 0) {
      last = false
      break
    }
    const structs = doc.store.clients.get(client) ?? []
    const { run, complete } = encodeRun(client, structs, from, left)
    runs.push(run)
    left -= run.bytes.length
    last = complete
  }
  return {
    update: encodeUpdate(runs, last ? Y.createDeleteSetFromStructStore(doc.store) : Y.createDeleteSet()),
    last,
  }
}

/** Higher client ids first, as Yjs itself writes them. */
const missingClients = (doc: Y.Doc, known: ReadonlyMap<number, number>): [client: number, from: number][] =>
  [...doc.store.clients.keys()]
    .flatMap((client): [number, number][] => {
      const from = known.get(client) ?? 0
      return from < Y.getState(doc.store, client) ? [[client, from]] : []
    })
    .sort(([a], [b]) => b - a)

const encodeRun = (
  client: number,
  structs: Structs,
  from: number,
  budget: number,
): { run: Run; complete: boolean } => {
  const encoder = new Y.UpdateEncoderV1()
  const start = Y.findIndexSS(structs, from)
  let index = start
  while (index < structs.length && encoding.length(encoder.restEncoder) < budget) {
    const struct = structs[index]
    struct?.write(encoder, Math.max(0, from - struct.id.clock))
    index += 1
  }
  const run = { client, from, count: index - start, bytes: encoding.toUint8Array(encoder.restEncoder) }
  return { run, complete: index === structs.length }
}

const encodeUpdate = (runs: readonly Run[], deletes: ReturnType<typeof Y.createDeleteSet>): Uint8Array => {
  const encoder = new Y.UpdateEncoderV1()
  encoding.writeVarUint(encoder.restEncoder, runs.length)
  for (const { client, from, count, bytes } of runs) {
    encoding.writeVarUint(encoder.restEncoder, count)
    encoder.writeClient(client)
    encoding.writeVarUint(encoder.restEncoder, from)
    encoding.writeUint8Array(encoder.restEncoder, bytes)
  }
  writeDeleteSet(encoder, deletes)
  return encoder.toUint8Array()
}

/** As `writeDeleteSet` of Yjs, which it does not export. */
const writeDeleteSet = (
  encoder: Y.UpdateEncoderV1,
  { clients }: ReturnType<typeof Y.createDeleteSet>,
): void => {
  encoding.writeVarUint(encoder.restEncoder, clients.size)
  for (const [client, ranges] of [...clients].sort(([a], [b]) => b - a)) {
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
}
