import { systemClock, type Clock } from '@grapevine/std'
import { attemptsConfig, type AttemptLimits, type AttemptOptions } from '../config.ts'
import { attemptBook, subjectId, type AttemptBook, type AttemptKey, type BookState } from './attempt-book.ts'
import type { AttemptLimiter } from './attempt-limiter.ts'
import { keeping } from './attempt-keeper.ts'
import { decodeState, type AttemptStore } from './attempt-store.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from './loan-messages.ts'

/** What is needed of a cluster. `Membership` of `@grapevine/membership` has this shape. */
export interface Peers {
  readonly self: { readonly id: string }
  /** All members that this one knows of, reachable or not, itself included. */
  members(): readonly { readonly id: string; readonly state: string }[]
  /** Ids of the other members that answer requests now. */
  reachable(): readonly string[]
  request(
    member: string,
    protocol: string,
    bytes: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): Promise<Uint8Array>
  handle(protocol: string, handler: (request: Uint8Array) => Promise<Uint8Array>): Promise<unknown>
}

const attemptsProtocol = 'attempts/1'
/** How long one member is waited for, and all of them together, in milliseconds. */
const askTimeoutMs = 500
const borrowTimeoutMs = 1_500
/** How long nobody is asked again for rights that nobody had, in milliseconds. */
const dryMs = 5_000

export interface ClusterAttemptOptions extends AttemptOptions {
  /** Where it is kept what this member has spent, and who the others were. @default nowhere: a restart forgets both */
  readonly store?: AttemptStore
  /** Told when it could not be kept, or what was kept is damaged: attempts go on, from memory. @default nobody is told */
  readonly onError?: (error: unknown) => void
  /** For the time between two writes. @default systemClock */
  readonly clock?: Pick<Clock, 'after'>
}

/** The attempts of one member of a cluster. */
export interface ClusterAttempts extends AttemptLimiter {
  /** Keeps what is not kept yet, and answers no other member any more. */
  close(): Promise<void>
}

/**
 * Attempts that hold for the whole cluster, split or not: see {@link AttemptBook}. A member whose own rights are spent
 * borrows from those that it reaches. A window's rights are forgotten with the window.
 *
 * With a store, a member that restarts goes on with what it had left, and divides by all whom it knew, although it reaches
 * none of them yet.
 */
export const clusterAttempts = async (
  peers: Peers,
  options: ClusterAttemptOptions = {},
): Promise<ClusterAttempts> => {
  const { store, onError = ignore, clock = systemClock, ...rest } = options
  const { now, ...limits } = attemptsConfig(rest)
  const restored = await restore(store, onError)
  const lastKnown = remembered(peers, restored, () => now() / limits.windowMs, day / limits.windowMs)
  const book = attemptBook({ limits, self: peers.self.id, members: lastKnown, now, restored })
  const keeper = keeping(book, { store, onError, clock })
  const unhandle = await peers.handle(attemptsProtocol, async (request) => {
    const key = decodeRequest(request)
    const amount = key === undefined ? 0 : book.lend(key)
    if (amount > 0) keeper.changed()
    return encodeAnswer(amount)
  })
  const borrow = borrower({ peers, book, limits, now })
  return {
    async take(kind, subject, { signal }) {
      const key = { kind, id: subjectId(kind, subject), window: book.window() }
      while (!book.take(key)) {
        signal.throwIfAborted()
        const borrowed = await borrow(key)
        if (!borrowed) return { kind: 'spent', retryAfterSeconds: book.retryAfterSeconds() }
      }
      keeper.changed()
      const giveBack = (): void => {
        book.giveBack(key)
        keeper.changed()
      }
      return { kind: 'granted', giveBack }
    },
    async close() {
      if (typeof unhandle === 'function') unhandle()
      await keeper.close()
    },
  }
}

const day = 24 * 60 * 60_000
const ignore = (): void => undefined

const restore = async (
  store: AttemptStore | undefined,
  onError: (error: unknown) => void,
): Promise<BookState | undefined> => {
  try {
    const bytes = await store?.read()
    if (bytes === undefined) return undefined
    const state = decodeState(bytes)
    if (state === undefined) onError(new Error('what was kept of attempts is damaged, and begins anew'))
    return state
  } catch (error) {
    onError(error)
    return undefined
  }
}

/** Members that have not left; those of the last run that nobody has spoken of since count for a day. */
const remembered = (
  peers: Peers,
  restored: BookState | undefined,
  window: () => number,
  windowsInADay: number,
): (() => readonly string[]) => {
  const started = window()
  return () => {
    const known = peers.members()
    const present = known.filter(({ state }) => state !== 'left').map(({ id }) => id)
    if (restored === undefined || Math.abs(window() - started) > windowsInADay) return present
    const told = new Set(known.map(({ id }) => id))
    return [...present, ...restored.members.filter((id) => !told.has(id))]
  }
}

interface BorrowerContext {
  readonly peers: Peers
  readonly book: AttemptBook
  readonly limits: AttemptLimits
  readonly now: () => number
}

/** Asks one member after the other until one has rights to give; takes made meanwhile wait for the same answer. */
const borrower = ({ peers, book, limits, now }: BorrowerContext): ((key: AttemptKey) => Promise<boolean>) => {
  const asking = new Map<string, Promise<boolean>>()
  const dryUntil = new Map<string, number>()

  const ask = async (key: AttemptKey): Promise<boolean> => {
    const patience = AbortSignal.timeout(borrowTimeoutMs)
    for (const member of peers.reachable()) {
      if (patience.aborted) return false
      const amount = await askOne(member, key)
      if (amount === 0) continue
      book.receive(key, amount)
      return true
    }
    return false
  }

  const askOne = async (member: string, key: AttemptKey): Promise<number> => {
    const signal = AbortSignal.timeout(askTimeoutMs)
    try {
      return decodeAnswer(
        await peers.request(member, attemptsProtocol, encodeRequest(key), { signal }),
        limits[key.kind],
      )
    } catch {
      return 0 // Gone or slow. What it may have given away meanwhile is nobody's: fewer attempts, never more.
    }
  }

  return async (key) => {
    if ((dryUntil.get(key.id) ?? 0) > now()) return false
    for (const [id, until] of dryUntil) if (until <= now()) dryUntil.delete(id)
    const place = `${key.window}/${key.id}`
    const answer =
      asking.get(place) ??
      ask(key)
        .then((got) => {
          if (!got) dryUntil.set(key.id, now() + dryMs)
          return got
        })
        .finally(() => asking.delete(place))
    asking.set(place, answer)
    return answer
  }
}
