import { attemptsConfig, type AttemptLimits, type AttemptOptions } from '../config.ts'
import { attemptBook, subjectId, type AttemptBook, type AttemptKey } from './attempt-book.ts'
import type { AttemptLedger } from './attempt-ledger.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from './loan.ts'

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

/**
 * Attempts that hold for the whole cluster, split or not: see {@link AttemptBook}. A member whose own rights are spent
 * borrows from those that it reaches. Nothing is written anywhere; a window's rights are forgotten with the window.
 */
export const clusterAttempts = async (peers: Peers, options: AttemptOptions = {}): Promise<AttemptLedger> => {
  const { now, ...limits } = attemptsConfig(options)
  const members = (): string[] =>
    peers
      .members()
      .filter(({ state }) => state !== 'left')
      .map(({ id }) => id)
  const book = attemptBook({ limits, self: peers.self.id, members, now })
  await peers.handle(attemptsProtocol, async (request) => {
    const key = decodeRequest(request)
    return encodeAnswer(key === undefined ? 0 : book.lend(key))
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
      return { kind: 'granted', giveBack: () => book.giveBack(key) }
    },
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
