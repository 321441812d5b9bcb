import { erasure, factsBytes, message, numbers, plain, uint, type Heard } from '../bytes.ts'
import { summary } from '../honest.ts'
import { idsOf } from '../liar.ts'
import type { Liar, Lie } from '../lie.ts'

/** Lies about what is held: keys announced and not delivered, positions that lead nowhere, roots that are not so. */
const far = Number.MAX_SAFE_INTEGER

const randomBytes = (liar: Liar, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => liar.whole(0, 255)))

/** Asks to be compared with, so that everybody begins an exchange. */
const provoke = (liar: Liar): void => {
  for (const member of liar.others()) liar.tell(member, unequal(liar))
}

type Over = Readonly<Record<number, number | string | Uint8Array>>

const unequal = (liar: Liar, over: Over = {}): Buffer =>
  summary(liar, { 1: randomBytes(liar, 32), 2: randomBytes(liar, 32), 4: far, 5: far, ...over })

/** In one half, or both: who asks looks at the facts only if the erasures agree. */
const unequalTo = (liar: Liar, request: Heard, over: Over): Buffer =>
  unequal(liar, liar.random() < 0.5 ? over : { 1: request.fields.get(1) ?? '', ...over })

/** Announces what nobody has, and does with the rest as it is told. Asked by cursor, or by the tree. */
const announcing = (name: string, answer: NonNullable<Lie['answer']>): Lie => ({
  name,
  act: provoke,
  answer: (liar, request, from) => {
    const given = answer(liar, request, from)
    if (given !== undefined) return given
    if (request.number === numbers.compare) return unequalTo(liar, request, { 4: far, 5: far })
    if (request.number === numbers.offer)
      return message(numbers.offers, { 1: randomBytes(liar, 160), 2: far })
    if (request.number === numbers.descend)
      return message(numbers.nodes, { 1: Buffer.concat([Buffer.of(0, 20), randomBytes(liar, 400)]) })
    return undefined
  },
})

const toFetch =
  (give: (liar: Liar) => Buffer): NonNullable<Lie['answer']> =>
  (liar, request) =>
    request.number === numbers.fetch ? give(liar) : undefined

const toOffer =
  (give: (liar: Liar, after: number) => Buffer): NonNullable<Lie['answer']> =>
  (liar, request) =>
    request.number === numbers.offer ? give(liar, uint(request, 3)) : undefined

/** Announces by cursor what is true, of which it knows some. */
const announcingTruth = (name: string, answer: NonNullable<Lie['answer']>): Lie => ({
  name,
  act: provoke,
  answer: (liar, request, from) => {
    const given = answer(liar, request, from)
    if (given !== undefined || request.number !== numbers.compare) return given
    return unequal(liar, { 1: request.fields.get(1) ?? '', 4: 0, 5: (liar.halves[1] ?? []).length })
  },
})

export const exchanges: readonly Lie[] = [
  announcing(
    'announces what it does not have',
    toFetch(() => message(numbers.fetched, { 2: 1 })),
  ),
  announcing(
    'announces, and delivers nothing',
    toFetch(() => message(numbers.fetched)),
  ),
  announcing(
    'announces, and delivers another fact',
    toFetch(() => message(numbers.fetched, { 1: factsBytes([plain('subject-3', 'something else')]) })),
  ),
  announcing(
    'announces, and delivers an erasure of somebody else',
    toFetch((liar) => message(numbers.fetched, { 1: factsBytes([erasure(`erased-${liar.whole(0, 30)}`)]) })),
  ),
  announcing(
    'answers a fetch of some with thousands',
    toFetch(() =>
      message(numbers.fetched, {
        1: factsBytes(Array.from({ length: 2_000 }, () => plain('subject-3', 'many'))),
      }),
    ),
  ),
  announcing(
    'offers without end',
    toOffer((liar, after) =>
      message(numbers.offers, { 1: idsOf((liar.halves[1] ?? []).slice(0, 1), 8), 2: after + 1 }),
    ),
  ),
  announcing(
    'offers nothing, without end',
    toOffer((_, after) => message(numbers.offers, { 2: after + 1 })),
  ),
  announcing(
    'goes back in its positions',
    toOffer((_, after) => message(numbers.offers, { 2: Math.max(0, after - 1) })),
  ),
  announcing(
    'has always just been started anew',
    toOffer(() => message(numbers.offers, { 3: 1 })),
  ),
  announcing(
    'offers more than was asked for',
    toOffer((liar, after) =>
      message(numbers.offers, { 1: Buffer.alloc(400_000, liar.whole(0, 255)), 2: after + 50_000 }),
    ),
  ),
  announcingTruth('announces what is true, and never delivers', (_, request) =>
    request.number === numbers.fetch ? new Promise(() => undefined) : undefined,
  ),
  announcingTruth('announces what is true, and delivers one fact in nine seconds', (liar, request) => {
    if (request.number !== numbers.fetch) return undefined
    const id = request.fields.get(3)?.subarray(0, uint(request, 2)) ?? Buffer.alloc(0)
    const fact = liar.halves[1]?.find((each) => idsOf([each], id.length).equals(id))
    const answer = message(numbers.fetched, fact === undefined ? { 2: 1 } : { 1: factsBytes([fact]) })
    return new Promise((resolve) => liar.after(9_000, () => resolve(answer)))
  }),
  {
    name: 'announces facts as erasures',
    act: provoke,
    answer: (liar, request) => {
      const facts = liar.halves[1] ?? []
      if (request.number === numbers.compare) return unequal(liar, { 4: facts.length, 5: 0 })
      if (request.number === numbers.offer)
        return message(numbers.offers, { 1: idsOf(facts, 8), 2: uint(request, 3) + facts.length })
      if (request.number === numbers.fetch)
        return message(numbers.fetched, { 1: factsBytes(facts.slice(0, 1)) })
      return undefined
    },
  },
  {
    name: 'never agrees, and says that it has read all',
    act: provoke,
    answer: (liar, request) =>
      request.number === numbers.compare
        ? unequal(liar, { 4: 0, 5: 0, 6: request.fields.get(3) ?? '', 7: far, 8: far })
        : undefined,
  },
  {
    name: 'always agrees, and holds something else',
    act: (liar) => {
      const [member, ...rest] = liar.others()
      if (member !== undefined)
        liar.tell(
          member,
          message(numbers.store, { 1: factsBytes([plain('subject-4', `hidden ${liar.random()}`)]) }),
        )
      for (const other of rest) liar.tell(other, summary(liar))
    },
    answer: (liar, request) =>
      request.number === numbers.compare
        ? summary(liar, { 1: request.fields.get(1) ?? '', 2: request.fields.get(2) ?? '' })
        : undefined,
  },
  {
    name: 'confirms what it does not keep',
    answer: (_, request) => (request.number === numbers.store ? message(numbers.stored) : undefined),
  },
  {
    name: 'answers a store with erasures of everybody',
    answer: (liar, request) =>
      request.number === numbers.store
        ? message(numbers.stored, { 1: factsBytes([erasure(`subject-${liar.whole(0, 11)}`)]) })
        : undefined,
  },
]
