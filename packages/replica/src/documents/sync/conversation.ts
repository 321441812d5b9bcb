import { limits } from '../../limits.ts'
import { nextDeletes, type DeletesPosition } from '../update-codec/delete-slice.ts'
import { nextSlice } from '../update-codec/slice.ts'
import { isEmpty } from '../update-codec/update.ts'
import { goesBeyond, joined, vectorOf, type Vector } from '../update-codec/vector.ts'
import { ask, type AskContext } from '../protocol/ask.ts'
import type * as Y from 'yjs'
import { type Log, reasonOf } from '@grapevine/std'
import type { Response } from '../protocol/message.ts'
import type { ContentDigest } from '../digest/content-digest.ts'
import type { Inbox } from '../guard/inbox.ts'
import type { SyncPermit } from './sync-permit.ts'
import type { Traffic } from '../status.ts'

export interface ConversationContext extends AskContext {
  readonly doc: Y.Doc
  readonly digest: ContentDigest
  readonly inbox: Inbox
  readonly permit: SyncPermit
  readonly traffic: Traffic
  readonly log: Log
}

/** One of the two is receiving a large difference from somebody else; nothing is wrong. */
export class BusyError extends Error {
  override readonly name = 'BusyError'
}

/**
 * One exchange, as the one who asks leads it: what this node lacks, what the other lacks, and if they still differ
 * the deletes, both ways.
 *
 * @returns the member's digest if it still differs
 * @throws BusyError to try again soon
 */
export const converse = async (
  context: ConversationContext,
  member: string,
): Promise<{ readonly theirs: string } | 'equal'> => {
  if ((await compare(context, member)) === 'equal') return 'equal'
  if (!context.permit.take(member, 'pull')) throw new BusyError('another member is sending')
  try {
    const theirs = await pull(context, member)
    await push(context, member, theirs)
    if ((await compare(context, member)) === 'equal') return 'equal'
    await tolerated(context, pullDeletes(context, member))
    await tolerated(context, pushDeletes(context, member))
  } finally {
    context.permit.release(member, 'pull')
  }
  return compare(context, member)
}

/** Either may refuse a delete for reasons of its own; what they agree on is the same all the more. */
const tolerated = ({ log }: ConversationContext, deletes: Promise<void>): Promise<void> =>
  deletes.catch((error: unknown) =>
    log.debug({ reason: reasonOf(error) }, 'deletes were not taken over by one of the two'),
  )

const compare = async (
  context: ConversationContext,
  member: string,
): Promise<{ readonly theirs: string } | 'equal'> => {
  const response = await ask(context, member, { type: 'compare', digest: context.digest.value() })
  if (response.type === 'equal') return 'equal'
  if (response.type !== 'differ') throw unexpected('a comparison', response)
  // It may be stale by now: only what is equal at the moment of the answer counts.
  return response.digest === context.digest.value() ? 'equal' : { theirs: response.digest }
}

/**
 * Takes the structs that this node lacks. The next slices are asked for as soon as some say how far they reach, and a
 * few are on their way to the disk while others arrive. @returns what the member has
 */
const pull = async (context: ConversationContext, member: string): Promise<Vector> => {
  const taking: Promise<void>[] = []
  try {
    let asked = vectorOf(context.doc)
    let next = askForSlices(context, member, asked)
    for (let answers = 0; answers < limits.slices; answers += 1) {
      const { updates, last, vector } = await next
      if (!last) {
        if (!goesBeyond(vector, asked)) throw new Error('slices that lead nowhere and are not the last')
        asked = joined(joined(asked, vector), vectorOf(context.doc))
        next = askForSlices(context, member, asked)
      }
      for (const update of updates) {
        taking.push(unobserved(takeWhole(context, update, member)))
        if (taking.length >= limits.slicesUnderWay) await taking.shift()
      }
      if (!last) continue
      await Promise.all(taking)
      return vector
    }
    throw new Error(`no end after ${limits.slices} answers`)
  } finally {
    await Promise.allSettled(taking)
  }
}

const askForSlices = (
  context: ConversationContext,
  member: string,
  vector: Vector,
): Promise<Extract<Response, { type: 'slices' }>> =>
  unobserved(
    ask(context, member, { type: 'pull', vector }).then((response) => {
      if (response.type !== 'slices') throw unexpected('a request for slices', response)
      return response
    }),
  )

/** One that may fail while something else is waited for, and is waited for later, or given up with the rest. */
const unobserved = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  return promise
}

/** Gives the structs that the member lacks. */
const push = async (context: ConversationContext, member: string, theirs: Vector): Promise<void> => {
  let vector = theirs
  // A large one needs the member's consent first: it may be receiving from somebody else, or have it meanwhile.
  const first = nextSlice(context.doc, vector, limits.slice)
  if (first.update.length > unasked) vector = await give(context, member, nothing, true)
  for (let slice = 0; slice < limits.slices; slice += 1) {
    const { update, last } = nextSlice(context.doc, vector, limits.slice)
    if (isEmpty(update)) return
    vector = await give(context, member, update, !last)
    if (last) return
  }
  throw new Error(`no end after ${limits.slices} slices`)
}

/** Bytes that are sent without asking first. */
const unasked = 4_096

/** No structs, no deletes. */
const nothing = Uint8Array.of(0, 0)

const pullDeletes = async (context: ConversationContext, member: string): Promise<void> => {
  let from: DeletesPosition | undefined
  for (let slice = 0; slice < limits.slices; slice += 1) {
    const response = await ask(context, member, { type: 'pullDeletes', from })
    if (response.type !== 'deletes') throw unexpected('a request for deletes', response)
    await takeWhole(context, response.update, member)
    from = response.next
    if (from === undefined) return
  }
  throw new Error(`no end after ${limits.slices} slices`)
}

const pushDeletes = async (context: ConversationContext, member: string): Promise<void> => {
  let from: DeletesPosition | undefined
  do {
    const { update, next } = nextDeletes(context.doc, from, limits.slice)
    from = next
    if (!isEmpty(update)) await give(context, member, update, next !== undefined)
  } while (from !== undefined)
}

const give = async (
  context: ConversationContext,
  member: string,
  update: Uint8Array,
  more: boolean,
): Promise<Vector> => {
  context.traffic.bytesOut += update.length
  const response = await ask(context, member, { type: 'give', update, more })
  if (response.type === 'busy') throw new BusyError('the member is receiving from another')
  if (response.type !== 'taken') throw unexpected('a gift', response)
  return response.vector
}

/** A slice builds only on what its receiver has; a member that says otherwise is refused. */
const takeWhole = async (
  { inbox, permit }: ConversationContext,
  update: Uint8Array,
  member: string,
): Promise<void> => {
  permit.take(member, 'pull')
  const outcome = await inbox.take(update, member)
  if (outcome === 'gap') throw new Error('the member sent a slice that builds on what it did not send')
}

const unexpected = (question: string, { type }: Response): Error =>
  new Error(`answered ${question} with "${type}"`)
