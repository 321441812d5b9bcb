import * as Y from 'yjs'
import { type Clock, type Log, reasonOf } from '@grapevine/std'
import { breather, turnWatch } from '../../shared/event-loop.ts'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { openFrame } from '../../shared/frame.ts'
import { judge, type Policy } from './judge.ts'
import { ReplayingDecoder } from '../update-codec/decoder.ts'
import { goesBeyond } from '../update-codec/vector.ts'
import { isEmpty } from '../update-codec/update.ts'
import type { PeerPenalties } from '../../shared/peer-penalty.ts'
import type { Journal } from '../journal.ts'
import type { Traffic } from '../status.ts'

/** Takes in foreign updates, one after the other: judged, then applied, then on disk. */
export interface Inbox {
  /**
   * Resolves when the update is applied and on disk; with `gap` when it was not, because it builds on what is not
   * here yet.
   *
   * @throws RefusedUpdateError: nothing changed
   */
  take(update: Uint8Array, from: string): Promise<'taken' | 'gap'>
  /** A gossiped frame of whoever: taken if it is good, else dropped; what is dropped is fetched from a member. */
  offer(frame: Uint8Array): void
  /** How many updates wait for their turn. */
  readonly waiting: number
}

export interface InboxContext {
  readonly doc: Y.Doc
  readonly journal: Journal
  readonly policy: Policy | undefined
  readonly penalties: PeerPenalties
  readonly traffic: Traffic
  readonly clock: Clock
  readonly log: Log
  readonly origin: symbol
  readonly refused: (peer: string | undefined, reason: string) => void
  /** Something was dropped that others have. */
  readonly missed: () => void
}

/** What may be an accident: a change overtook another; or a member deletes what is not yet known here to be over. */
const [gapWeight, deletesWeight] = [0.1, 0.25]

const isDeletesOnly = (update: Uint8Array): boolean => update[0] === 0

export const createInbox = (context: InboxContext): Inbox => {
  const { doc, journal, policy, penalties, traffic, clock, log, origin } = context
  const isTurnOver = turnWatch(clock, limits.turn)
  const breathe = breather(clock, limits.turn)
  const waiting = { count: 0, bytes: 0 }
  let turn: Promise<void> = Promise.resolve()

  /** At once where nobody waits: one that comes alone is judged and applied in the event that brought it. */
  const inTurn = <T>(bytes: number, work: () => T): T | Promise<T> =>
    waiting.count === 0 && !isTurnOver() ? work() : later(bytes, work)

  const later = async <T>(bytes: number, work: () => T): Promise<T> => {
    if (waiting.count >= limits.waiting || waiting.bytes + bytes > limits.waitingBytes) {
      traffic.dropped += 1
      throw new RefusedUpdateError(`${waiting.count} updates wait already; this one was dropped`)
    }
    waiting.count += 1
    waiting.bytes += bytes
    const before = turn
    const { promise, resolve } = promiseOf()
    turn = promise
    try {
      await before
      await breathe()
      return work()
    } finally {
      waiting.count -= 1
      waiting.bytes -= bytes
      resolve()
    }
  }

  /** @returns whether it changed anything: most updates arrive more than once */
  const takeNow = (update: Uint8Array, from: string | undefined): 'changed' | 'known' | 'gap' => {
    traffic.bytesIn += update.length
    try {
      if (judge(doc, update, policy) === 'gap') {
        traffic.gaps += 1
        if (from !== undefined) penalties.add(from, gapWeight)
        return 'gap'
      }
      return apply(doc, update, origin) ? 'changed' : 'known'
    } catch (error) {
      if (!(error instanceof RefusedUpdateError)) throw error
      traffic.refused += 1
      if (from !== undefined) penalties.add(from, isDeletesOnly(update) ? deletesWeight : 1)
      context.refused(from, error.message)
      throw error
    }
  }

  const take = async (update: Uint8Array, from: string | undefined): Promise<'taken' | 'gap'> => {
    // Saved in the turn in which it is applied: who brings the same right after waits for that.
    const { isGap, saved } = await inTurn(update.length, () => {
      const outcome = takeNow(update, from)
      if (outcome === 'gap') return { isGap: true, saved: undefined }
      return { isGap: false, saved: outcome === 'changed' ? journal.save(update) : journal.settled() }
    })
    if (isGap) return 'gap'
    await saved
    return 'taken'
  }

  return {
    take: async (update, from) => (isEmpty(update) ? 'taken' : take(update, from)),
    offer: (frame) => {
      const taking = async (): Promise<void> => {
        if ((await take(openFrame(frame), undefined)) === 'gap') context.missed()
      }
      taking().catch((error: unknown) => {
        log.debug({ reason: reasonOf(error) }, 'a gossiped change was not taken')
        context.missed()
      })
    },
    get waiting() {
      return waiting.count
    },
  }
}

const promiseOf = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

const apply = (doc: Y.Doc, update: Uint8Array, origin: symbol): boolean => {
  let changed = false
  const onTransaction = ({ changed: types, deleteSet, beforeState, afterState }: Y.Transaction): void => {
    changed ||= types.size > 0 || deleteSet.clients.size > 0 || goesBeyond(afterState, beforeState)
  }
  doc.on('afterTransaction', onTransaction)
  try {
    Y.applyUpdateV2(doc, update, origin, ReplayingDecoder)
  } catch (cause) {
    throw new RefusedUpdateError('an update that Yjs cannot apply', { cause })
  } finally {
    doc.off('afterTransaction', onTransaction)
    // Nothing with a gap is applied; what would wait nevertheless was forged in a circle.
    doc.store.pendingStructs = null
    doc.store.pendingDs = null
  }
  return changed
}
