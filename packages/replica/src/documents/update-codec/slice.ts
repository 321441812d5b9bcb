import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { limits } from '../../limits.ts'
import { dependencies } from './dependencies.ts'
import { cutStruct } from './struct-part.ts'
import { UpdateEncoder } from './encoder.ts'

/** A part of what a state vector lacks, as a V1 update of its own, without deletes. */
export interface Slice {
  readonly update: Uint8Array
  /** What its receiver knows then, of the authors that are in it. */
  readonly reached: ReadonlyMap<number, number>
  readonly last: boolean
}

/** Structs of one author, as they are being encoded. */
interface Run {
  readonly from: number
  readonly encoder: UpdateEncoder
  count: number
  /** Where the next struct is, in the author's list and in its clock. */
  index: number
  clock: number
}

interface Draft {
  readonly doc: Y.Doc
  readonly known: ReadonlyMap<number, number>
  readonly runs: Map<number, Run>
  structs: number
  bytes: number
  readonly budget: number
}

/**
 * The next slice for somebody whose state vector is `known`, of about `budget` bytes. A struct goes only after
 * those that it builds on, so a receiver never has to keep what it cannot use yet; it then has a larger state
 * vector, with which it asks for the next slice. The sender keeps nothing in between.
 */
export const nextSlice = (doc: Y.Doc, known: ReadonlyMap<number, number>, budget: number): Slice => {
  const draft: Draft = { doc, known, runs: new Map(), structs: 0, bytes: 0, budget }
  let last = true
  for (const client of missingClients(doc, known)) {
    if (isFull(draft)) {
      last = false
      break
    }
    last = writeUpTo(draft, client, Y.getState(doc.store, client))
    if (!last) break
  }
  const reached = new Map([...draft.runs].map(([client, { clock }]) => [client, clock]))
  return { update: encodeUpdate(draft.runs), reached, last }
}

/** Higher client ids first, as Yjs itself writes them. */
const missingClients = (doc: Y.Doc, known: ReadonlyMap<number, number>): number[] =>
  [...doc.store.clients.keys()]
    .filter((client) => (known.get(client) ?? 0) < Y.getState(doc.store, client))
    .sort((a, b) => b - a)

const isFull = ({ bytes, budget, structs }: Draft): boolean =>
  bytes >= budget || structs >= limits.sliceStructs

/** Writes an author's structs, and first those of others that they build on. @returns whether all fitted */
const writeUpTo = (draft: Draft, client: number, end: number): boolean => {
  const waiting = [{ client, end }]
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    if (isFull(draft)) return false
    const run = runOf(draft, top.client)
    const struct = draft.doc.store.clients.get(top.client)?.[run.index]
    if (struct === undefined || run.clock >= top.end) {
      waiting.pop()
      continue
    }
    const needed = unsent(draft, struct)
    if (needed === undefined) writeStruct(draft, run, struct)
    else waiting.push({ client: needed.client, end: needed.clock + 1 })
  }
  return true
}

const runOf = ({ doc, known, runs }: Draft, client: number): Run => {
  const running = runs.get(client)
  if (running !== undefined) return running
  const from = known.get(client) ?? 0
  const structs = doc.store.clients.get(client) ?? []
  const index = from < Y.getState(doc.store, client) ? Y.findIndexSS(structs, from) : structs.length
  const run = { from, encoder: new UpdateEncoder(), count: 0, index, clock: from }
  runs.set(client, run)
  return run
}

const unsent = ({ known, runs, doc }: Draft, struct: Y.Item | Y.GC): Y.ID | undefined => {
  if (!(struct instanceof Y.Item)) return undefined
  for (const id of dependencies(struct)) {
    if (id.client === struct.id.client) continue
    const sent = runs.get(id.client)?.clock ?? known.get(id.client) ?? 0
    if (id.clock >= sent && id.clock < Y.getState(doc.store, id.client)) return id
  }
  return undefined
}

const writeStruct = (draft: Draft, run: Run, struct: Y.Item | Y.GC): void => {
  const before = encoding.length(run.encoder.restEncoder)
  const offset = run.clock - struct.id.clock
  const { part, length } = cutStruct(struct, offset)
  part.write(run.encoder, part === struct ? offset : 0)
  run.clock += length
  run.count += 1
  if (run.clock >= struct.id.clock + struct.length) run.index += 1
  draft.structs += 1
  draft.bytes += encoding.length(run.encoder.restEncoder) - before
}

const encodeUpdate = (runs: ReadonlyMap<number, Run>): Uint8Array => {
  const encoder = encoding.createEncoder()
  const written = [...runs].filter(([, { count }]) => count > 0).sort(([a], [b]) => b - a)
  encoding.writeVarUint(encoder, written.length)
  for (const [client, run] of written) {
    encoding.writeVarUint(encoder, run.count)
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, run.from)
    encoding.writeUint8Array(encoder, encoding.toUint8Array(run.encoder.restEncoder))
  }
  // No deletes.
  encoding.writeVarUint(encoder, 0)
  return encoding.toUint8Array(encoder)
}
