import { factsBytes, idOf, message, numbers, uint, type Heard, type RawFact } from './bytes.ts'
import { hashOfRange, nodeAt, rangedOf } from './tree.ts'
import type { Liar } from './lie.ts'

/** What an honest member that holds as much would answer. */
export const honestAnswer = (liar: Liar, request: Heard): Buffer => {
  switch (request.number) {
    case numbers.store:
      return message(numbers.stored)
    case numbers.compare:
      return summary(liar)
    case numbers.offer:
      return offers(liar, request)
    case numbers.fetch:
      return fetched(liar, request)
    case numbers.descend:
      return nodes(liar, request)
    default:
      return message(numbers.unknown, { 1: request.number })
  }
}

/** The roots, epoch and positions of what it holds, with others put over them. */
export const summary = (
  liar: Liar,
  over: Readonly<Record<number, string | number | Uint8Array>> = {},
): Buffer =>
  message(numbers.compare, {
    1: rootOf(liar.halves[0] ?? []),
    2: rootOf(liar.halves[1] ?? []),
    3: liar.epoch,
    4: liar.halves[0]?.length ?? 0,
    5: liar.halves[1]?.length ?? 0,
    ...over,
  })

const rootOf = (facts: readonly RawFact[]): Buffer => hashOfRange(facts.map(rangedOf))

const halfOf = (liar: Liar, request: Heard): readonly RawFact[] => liar.halves[uint(request, 1)] ?? []

const offers = (liar: Liar, request: Heard): Buffer => {
  const after = uint(request, 3)
  const facts = halfOf(liar, request).slice(after, after + uint(request, 4))
  const ids = Buffer.concat(facts.map((fact) => idOf(fact, 8)))
  return message(numbers.offers, { 1: ids, 2: after + facts.length })
}

/** Few at a time, which is allowed. */
const mostFetched = 50

const fetched = (liar: Liar, request: Heard): Buffer => {
  const length = uint(request, 2)
  const ids = request.fields.get(3) ?? Buffer.alloc(0)
  const facts: RawFact[] = []
  for (let at = 0; at < ids.length && facts.length < mostFetched; at += length) {
    const id = ids.subarray(at, at + length)
    const fact = halfOf(liar, request).find((each) => idOf(each, length).equals(id))
    if (fact === undefined) return message(numbers.fetched, { 1: factsBytes(facts), 2: 1 })
    facts.push(fact)
  }
  return message(numbers.fetched, { 1: factsBytes(facts) })
}

export const pathsOf = (request: Heard): readonly string[] =>
  (request.fields.get(2)?.toString('latin1') ?? '').split(',')

const nodes = (liar: Liar, request: Heard): Buffer => {
  const keys = halfOf(liar, request).map(rangedOf)
  return message(numbers.nodes, { 1: Buffer.concat(pathsOf(request).map((path) => nodeAt(keys, path))) })
}
