import { reasonOf } from '@grapevine/std'
import { decodeFacts, idOf, keyOf, type Fact } from '@grapevine/facts'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { ask } from '../protocol/ask.ts'
import { bounds } from '../protocol/bounds.ts'
import { createPatience, type Fetching } from './patience.ts'
import { sectionOf, type FactsContext } from './context.ts'
import type { ExchangeDeadline } from './exchange-deadline.ts'

/** Brings here what others have announced; of several members that announce the same, one is asked. */
export interface Fetcher {
  /**
   * Resolves when each of these is held here and on disk, or spent.
   *
   * @param ids - the first `idLength` bytes of each one's hash, one after the other
   * @throws Error: the member did not deliver what it announced, or not within the deadline
   */
  fetch(
    member: string,
    half: number,
    ids: Uint8Array,
    idLength: number,
    deadline: ExchangeDeadline,
  ): Promise<void>
}

export const createFetcher = (context: FactsContext): Fetcher => {
  const { clock, signal } = context
  const patience = createPatience(clock, signal)
  /** What is being fetched, by the first eight bytes of its hash. */
  const underWay = new Map<string, Fetching>()

  const missing = (half: number, ids: readonly Uint8Array[]): Uint8Array[] =>
    ids.filter((id) => sectionOf(context, half).find(id) === undefined && !isSpent(context, id))

  const fetchNow = async (order: Order): Promise<void> => {
    const fetching: Fetching = { member: order.member, heard: clock.now(), done: Promise.resolve() }
    const heard = (): void => {
      fetching.heard = clock.now()
    }
    fetching.done = fetchAll(context, order, heard)
    for (const id of order.ids) underWay.set(nameOf(id), fetching)
    try {
      await fetching.done
    } finally {
      for (const id of order.ids) if (underWay.get(nameOf(id)) === fetching) underWay.delete(nameOf(id))
    }
  }

  return {
    fetch: async (member, half, ids, idLength, deadline) => {
      const wanted = missing(half, split(ids, idLength))
      const elsewhere = (id: Uint8Array): Fetching | undefined => {
        const fetching = underWay.get(nameOf(id))
        return fetching !== undefined && patience.isWorth(fetching.member) ? fetching : undefined
      }
      const awaited = new Set(wanted.flatMap((id) => elsewhere(id) ?? []))
      const own = wanted.filter((id) => elsewhere(id) === undefined)
      if (own.length > 0) await fetchNow({ member, half, ids: own, deadline })
      if (awaited.size === 0) return
      await Promise.all([...awaited].map(patience.wait))
      const left = missing(half, wanted)
      if (left.length > 0) await fetchNow({ member, half, ids: left, deadline })
    },
  }
}

interface Order {
  readonly member: string
  readonly half: number
  readonly ids: readonly Uint8Array[]
  readonly deadline: ExchangeDeadline
}

const isSpent = ({ spentIds }: FactsContext, id: Uint8Array): boolean => spentIds.find(id) !== undefined

const nameOf = (id: Uint8Array): string => Buffer.from(id.subarray(0, 8)).toString('latin1')

const split = (ids: Uint8Array, idLength: number): Uint8Array[] =>
  Array.from({ length: Math.floor(ids.length / idLength) }, (_, index) =>
    ids.subarray(index * idLength, (index + 1) * idLength),
  )

const fetchAll = async (context: FactsContext, order: Order, heard: () => void): Promise<void> => {
  const { member, half, ids, deadline } = order
  const taking: Promise<void>[] = []
  try {
    for (let at = 0; at < ids.length;) {
      const asked = ids.slice(at, at + bounds.fetched)
      deadline.check()
      const facts = await fetchSome(context, member, half, asked)
      heard()
      taking.push(unheard(context.intake.take(facts)))
      if (taking.length >= limits.slicesUnderWay) await taking.shift()
      at += facts.length
    }
    await Promise.all(taking)
  } finally {
    await Promise.allSettled(taking)
  }
}

/** @returns one fact for each id, as many of the first as there was room for */
const fetchSome = async (
  context: FactsContext,
  member: string,
  half: number,
  ids: readonly Uint8Array[],
): Promise<readonly Fact[]> => {
  const idLength = ids[0]?.length ?? 0
  const question = { type: 'fetch', half, idLength, ids: Buffer.concat(ids) } as const
  const answer = await ask(context, member, question, 'fetched')
  context.traffic.bytesIn += answer.facts.length
  const facts = readFacts(answer.facts, bounds.fetched)
  if (facts.length === 0 || facts.length > ids.length)
    throw new UndeliveredError(`announced ${ids.length} facts, and delivered ${facts.length}`)
  for (const [index, fact] of facts.entries()) checkDelivered(half, fact, ids[index])
  return facts
}

/** The gate: what fails it proves that who sent it is broken. */
export const readFacts = (bytes: Uint8Array, most: number = bounds.facts): Fact[] => {
  try {
    return decodeFacts(bytes, most)
  } catch (cause) {
    throw new RefusedUpdateError(reasonOf(cause), { cause })
  }
}

/** Of the half that was asked for; or, in place of a fact, the erasure that took it, and that nobody else can check. */
const checkDelivered = (half: number, fact: Fact, id: Uint8Array | undefined): void => {
  if (half === 1 && fact.mark === '!') return
  if (half === 0 && fact.mark !== '!') throw new UndeliveredError('delivered a fact in place of an erasure')
  if (id === undefined) return
  if (Buffer.compare(idOf(keyOf(fact), id.length), id) !== 0)
    throw new UndeliveredError('delivered another fact than the one that it announced')
}

/** A member announced a fact and does not deliver it. */
export class UndeliveredError extends Error {
  override readonly name = 'UndeliveredError'
}

/** One that may fail while something else is waited for. */
const unheard = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  return promise
}
