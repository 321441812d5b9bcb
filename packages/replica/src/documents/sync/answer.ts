import * as Y from 'yjs'
import { breather } from '../../shared/event-loop.ts'
import { limits } from '../../limits.ts'
import { nextDeletes } from '../update-codec/delete-slice.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { bucketEntries, bucketHashes, bucketUpdate } from './entries.ts'
import { nextSlice } from '../update-codec/slice.ts'
import { joined, vectorOf, type Vector } from '../update-codec/vector.ts'
import { decodeRequest, encodeResponse, type Request, type Response } from '../protocol/message.ts'
import type { ConversationContext } from './conversation.ts'
import type { PeerPenalties } from '../../shared/peer-penalty.ts'

export interface AnswerContext extends ConversationContext {
  readonly penalties: PeerPenalties
  /** Fetches what the member has and this node lacks. */
  readonly fetchFrom: (member: string) => Promise<boolean>
  /** Fetches it at the same time as the member fetches what this node has. */
  readonly fetchBack: (member: string) => void
  readonly inSync: (member: string, isInSync: boolean) => void
  readonly refused: (member: string, reason: string) => void
}

/** Answers one request of a member; one that is cut off is not even decoded. */
export const answer = async (
  context: AnswerContext,
  bytes: Uint8Array,
  from: string,
): Promise<Uint8Array> => {
  if (context.penalties.isCutOff(from)) throw new RefusedUpdateError('not listened to for a while')
  return encodeResponse(await respond(context, decoded(context, bytes, from), from))
}

const decoded = (context: AnswerContext, bytes: Uint8Array, from: string): Request => {
  try {
    return decodeRequest(bytes)
  } catch (error) {
    if (error instanceof RefusedUpdateError) {
      context.traffic.refused += 1
      context.penalties.add(from)
      context.refused(from, error.message)
    }
    throw error
  }
}

const respond = async (context: AnswerContext, request: Request, from: string): Promise<Response> => {
  const { doc, digest, traffic, clock } = context
  switch (request.type) {
    case 'store':
      return store(context, request.update, from)
    case 'compare': {
      const mine = digest.value()
      context.inSync(from, request.digest === mine)
      return request.digest === mine ? { type: 'equal' } : { type: 'differ', digest: mine }
    }
    case 'pull':
      if (lacking(doc, request.vector) > mostUnfetched) context.fetchBack(from)
      return slicesSince(context, request.vector)
    case 'pullDeletes': {
      const { update, next } = nextDeletes(doc, request.from, limits.slice)
      traffic.bytesOut += update.length
      return { type: 'deletes', update, next }
    }
    case 'give':
      return take(context, request, from)
    case 'buckets':
      return { type: 'hashes', hashes: await bucketHashes(doc, clock) }
    case 'entries':
      return { type: 'entries', update: await bucketUpdate(doc, request.bucket, clock) }
    case 'bucket':
      return { type: 'hashes', hashes: await bucketEntries(doc, request.bucket, clock) }
  }
}

/** A few slices; the event loop gets its turn in between. */
const slicesSince = async ({ doc, traffic, clock }: AnswerContext, known: Vector): Promise<Response> => {
  const breathe = breather(clock, limits.turn)
  const updates: Uint8Array[] = []
  let reached: Vector = new Map()
  for (;;) {
    const slice = nextSlice(doc, joined(known, reached), limits.slice)
    traffic.bytesOut += slice.update.length
    updates.push(slice.update)
    if (slice.last) return { type: 'slices', last: true, vector: vectorOf(doc), updates }
    reached = joined(reached, slice.reached)
    if (updates.length >= limits.slicesPerAnswer)
      return { type: 'slices', last: false, vector: reached, updates }
    await breathe()
  }
}

/**
 * Who asks for slices gives its own when it has all of ours. That is one after the other, each of the two waiting half
 * of the time; so what is much is fetched meanwhile. It does not travel twice: who fetches takes no gifts.
 */
const mostUnfetched = 1_024

/** Clock ticks that this node lacks of what somebody knows. */
const lacking = (doc: Y.Doc, known: Vector): number => {
  let ticks = 0
  for (const [client, clock] of known) ticks += Math.max(0, clock - Y.getState(doc.store, client))
  return ticks
}

/** It counts as stored only with all that it builds on. */
const store = async (context: AnswerContext, update: Uint8Array, from: string): Promise<Response> => {
  const { inbox } = context
  if ((await inbox.take(update, from)) === 'gap') {
    await context.fetchFrom(from)
    if ((await inbox.take(update, from)) === 'gap')
      throw new RefusedUpdateError('builds on what was not sent')
  }
  return { type: 'stored' }
}

const take = async (
  { inbox, permit, doc }: AnswerContext,
  { update, more }: { readonly update: Uint8Array; readonly more: boolean },
  from: string,
): Promise<Response> => {
  if (!permit.take(from, 'push')) return { type: 'busy' }
  try {
    if ((await inbox.take(update, from)) === 'gap')
      throw new RefusedUpdateError('builds on what was not sent')
  } finally {
    if (!more) permit.release(from, 'push')
  }
  return { type: 'taken', vector: vectorOf(doc) }
}
