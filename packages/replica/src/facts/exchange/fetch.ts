import { decodeFacts, idOf, keyOf, type Fact } from '@grapevine/facts'
import { limits } from '../../limits.ts'
import { RefusedUpdateError } from '../../errors.ts'
import { ask } from '../protocol/ask.ts'
import { sectionOf, type FactsContext } from './context.ts'

/** Brings here what others have announced; of several members that announce the same, one is asked. */
export interface Fetcher {
  /**
   * Resolves when each of these is held here and on disk, or spent.
   *
   * @param ids - the first `idLength` bytes of each one's hash, one after the other
   * @throws Error: the member did not deliver what it announced
   */
  fetch(member: string, half: number, ids: Uint8Array, idLength: number): Promise<void>
}

/** Facts that are asked for at once; the answer says how many there was room for. */
const mostAsked = 1_024

export const createFetcher = (context: FactsContext): Fetcher => {
  /** What is being fetched, by the first eight bytes of its hash. */
  const underWay = new Map<string, Promise<void>>()

  const missing = (half: number, ids: readonly Uint8Array[]): Uint8Array[] =>
    ids.filter((id) => sectionOf(context, half).find(id) === undefined && !isSpent(context, id))

  const fetchNow = (member: string, half: number, ids: readonly Uint8Array[]): Promise<void> => {
    const fetching = fetchAll(context, member, half, ids)
    for (const id of ids) underWay.set(nameOf(id), fetching)
    return fetching.finally(() => {
      for (const id of ids) if (underWay.get(nameOf(id)) === fetching) underWay.delete(nameOf(id))
    })
  }

  return {
    fetch: async (member, half, ids, idLength) => {
      const wanted = missing(half, split(ids, idLength))
      const elsewhere = new Set(wanted.flatMap((id) => underWay.get(nameOf(id)) ?? []))
      const own = wanted.filter((id) => !underWay.has(nameOf(id)))
      if (own.length > 0) await fetchNow(member, half, own)
      if (elsewhere.size === 0) return
      await Promise.allSettled(elsewhere)
      const left = missing(half, wanted)
      if (left.length > 0) await fetchNow(member, half, left)
    },
  }
}

const isSpent = ({ spentIds }: FactsContext, id: Uint8Array): boolean => spentIds.find(id) !== undefined

const nameOf = (id: Uint8Array): string => Buffer.from(id.subarray(0, 8)).toString('latin1')

const split = (ids: Uint8Array, idLength: number): Uint8Array[] =>
  Array.from({ length: Math.floor(ids.length / idLength) }, (_, index) =>
    ids.subarray(index * idLength, (index + 1) * idLength),
  )

const fetchAll = async (
  context: FactsContext,
  member: string,
  half: number,
  ids: readonly Uint8Array[],
): Promise<void> => {
  const taking: Promise<void>[] = []
  try {
    for (let at = 0; at < ids.length;) {
      const asked = ids.slice(at, at + mostAsked)
      const facts = await fetchSome(context, member, half, asked)
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
  const facts = readFacts(answer.facts)
  if (facts.length === 0 || facts.length > ids.length)
    throw new UndeliveredError(`announced ${ids.length} facts, and delivered ${facts.length}`)
  for (const [index, fact] of facts.entries()) checkDelivered(fact, ids[index])
  return facts
}

/** The gate: what fails it proves that who sent it is broken. */
export const readFacts = (bytes: Uint8Array): Fact[] => {
  try {
    return decodeFacts(bytes)
  } catch (cause) {
    throw new RefusedUpdateError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

const checkDelivered = (fact: Fact, id: Uint8Array | undefined): void => {
  if (id === undefined || fact.mark === '!') return
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
