import * as Y from 'yjs'
import { limits } from './config.ts'
import { RefusedUpdateError } from './errors.ts'

/** One foreign update, decoded and within the bounds, in the terms of the owner of the document. */
export interface Change {
  /** Entries of root maps that it would set. */
  readonly entries: readonly { readonly root: string; readonly key: string; readonly value: unknown }[]
  /** Live entries of root maps that it would delete. */
  readonly deletions: readonly { readonly root: string; readonly key: string }[]
  /** Anything else: text, lists, nested types, entries that replace others, tombstones. */
  readonly others: number
}

export type Verdict = { readonly verdict: 'accept' } | { readonly verdict: 'refuse'; readonly reason: string }

/** The owner's judgement over a foreign change. It must not change the document. */
export type Policy = (change: Change) => Verdict

/**
 * Decodes a foreign V1 update without applying it and holds it against the bounds and the policy.
 *
 * @throws RefusedUpdateError with the reason; nothing has changed then
 */
export const judge = (doc: Y.Doc, update: Uint8Array, policy: Policy | undefined): void => {
  if (update.length > limits.update) {
    throw new RefusedUpdateError(`update of ${update.length} bytes; allowed: up to ${limits.update}`)
  }
  const { structs, ds } = decode(update)
  if (structs.length > limits.structs) {
    throw new RefusedUpdateError(`update of ${structs.length} structs; allowed: up to ${limits.structs}`)
  }
  for (const { id } of structs) checkId(id)
  if (policy === undefined) return
  const verdict = policy(describe(doc, structs, ds))
  if (verdict.verdict === 'refuse') throw new RefusedUpdateError(verdict.reason)
}

type Decoded = ReturnType<typeof Y.decodeUpdate>

const decode = (update: Uint8Array): Decoded => {
  try {
    return Y.decodeUpdate(update)
  } catch (cause) {
    throw new RefusedUpdateError('not a Yjs update in V1 encoding', { cause })
  }
}

const checkId = ({ client, clock }: { readonly client: number; readonly clock: number }): void => {
  if (!Number.isSafeInteger(client) || client < 0 || client > limits.clientId) {
    throw new RefusedUpdateError(`client id ${client}; allowed: 0 to ${limits.clientId}`)
  }
  if (!Number.isSafeInteger(clock) || clock < 0)
    throw new RefusedUpdateError(`clock ${clock}; allowed: from 0`)
}

const describe = (doc: Y.Doc, structs: Decoded['structs'], ds: Decoded['ds']): Change => {
  const entries: { root: string; key: string; value: unknown }[] = []
  let others = 0
  for (const struct of structs) {
    const known = Y.getState(doc.store, struct.id.client)
    if (struct instanceof Y.Skip || struct.id.clock + struct.length <= known) continue
    const entry = entryOf(struct)
    if (entry === undefined) others += 1
    else entries.push(entry)
  }
  return { entries, ...describeDeletes(doc, ds, others) }
}

/** The root map entry that a struct is, if it is one; a decoded item names its root by a string. */
const entryOf = (struct: Y.Item | Y.GC): { root: string; key: string; value: unknown } | undefined => {
  if (!(struct instanceof Y.Item)) return undefined
  const { parent, parentSub, content } = struct
  const isRoot = typeof parent === 'string'
  if (!isRoot || parentSub === null || !(content instanceof Y.ContentAny) || content.arr.length !== 1)
    return undefined
  return { root: parent, key: parentSub, value: content.arr[0] }
}

const describeDeletes = (
  doc: Y.Doc,
  { clients }: Decoded['ds'],
  others: number,
): { deletions: { root: string; key: string }[]; others: number } => {
  const deletions: { root: string; key: string }[] = []
  let rest = others
  for (const [client, ranges] of clients) {
    for (const { clock, len } of ranges) {
      const { live, future } = liveStructs(doc, client, clock, len)
      rest += future
      for (const item of live) {
        const entry = placedEntry(item)
        if (entry === undefined) rest += 1
        else deletions.push(entry)
      }
    }
  }
  return { deletions, others: rest }
}

/** What a range of a delete set hits here: live items, and content that has not arrived yet. */
const liveStructs = (
  doc: Y.Doc,
  client: number,
  clock: number,
  len: number,
): { live: Y.Item[]; future: number } => {
  const known = Y.getState(doc.store, client)
  const future = clock + len > known ? 1 : 0
  const structs = doc.store.clients.get(client) ?? []
  const live: Y.Item[] = []
  if (clock >= known) return { live, future }
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index]
    if (struct === undefined || struct.id.clock >= clock + len) break
    if (struct instanceof Y.Item && !struct.deleted) live.push(struct)
  }
  return { live, future }
}

const placedEntry = (item: Y.Item): { root: string; key: string } | undefined => {
  const { parent, parentSub } = item
  if (!(parent instanceof Y.AbstractType) || parent._item !== null || parentSub === null) return undefined
  return { root: Y.findRootTypeKey(parent), key: parentSub }
}
