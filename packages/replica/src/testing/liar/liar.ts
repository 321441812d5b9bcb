import { reasonOf } from '@grapevine/std'
import { hear, idOf, keyOf, message, numbers, readFacts, type Heard, type RawFact } from './bytes.ts'
import { honestAnswer } from './honest.ts'
import type { Bus } from '../../bus.ts'
import type { Liar, Lie } from './lie.ts'

export interface LiarOptions {
  readonly bus: Bus
  /** Of the set that it lies about. */
  readonly name: string
  readonly random: () => number
  readonly after: (ms: number, task: () => void) => void
  readonly lie: Lie
}

/** Facts that it bothers to keep. */
const mostHeld = 400

export const createLiar = async ({ bus, name, random, after, lie }: LiarOptions): Promise<Liar> => {
  const protocol = `facts/1/${name}`
  const held = new Map<string, RawFact>()
  const halves: RawFact[][] = [[], []]
  // Nobody waits for it to end: it goes when it goes.
  const { signal } = new AbortController()

  const liar: Liar = {
    bus,
    random,
    after,
    held,
    halves,
    lie,
    epoch: `liar-${Math.floor(random() * 1e9)}`,
    act: () => liar.lie.act?.(liar),
    hold: (facts) => {
      for (const fact of facts) {
        if (held.size >= mostHeld || held.has(keyOf(fact))) continue
        held.set(keyOf(fact), fact)
        halves[fact.mark === '!' ? 0 : 1]?.push(fact)
      }
    },
    tell: (member, bytes) =>
      void bus.request(member, protocol, bytes, { signal }).then(
        (answer) => {
          const heard = hear(answer)
          if (heard.number === numbers.fetched) liar.hold(readFacts(heard.fields.get(1) ?? Buffer.alloc(0)))
          if (heard.number === numbers.offers) fetchOffered(liar, member, heard)
        },
        (error: unknown) => reasonOf(error),
      ),
    gossip: (bytes) => void bus.topic(name).publish(bytes).catch(reasonOf),
    others: () => bus.reachable(),
    whole: (low, high) => low + Math.floor(random() * (high - low + 1)),
  }
  await bus.handle(protocol, async (bytes, { from }) => {
    const request = hear(bytes)
    if (request.number === numbers.store) liar.hold(readFacts(request.fields.get(1) ?? Buffer.alloc(0)))
    return (await liar.lie.answer?.(liar, request, from)) ?? honestAnswer(liar, request)
  })
  // It listens, to learn what is true.
  bus.topic(name).subscribe((bytes) => {
    const heard = bytes[0] === 1 ? hear(bytes) : undefined
    if (heard?.number === numbers.store) liar.hold(readFacts(heard.fields.get(1) ?? Buffer.alloc(0)))
  })
  return liar
}

/** To know what is true it asks as others do. */
const fetchOffered = (liar: Liar, member: string, offers: Heard): void => {
  const ids = offers.fields.get(1) ?? Buffer.alloc(0)
  if (ids.length > 0) liar.tell(member, message(numbers.fetch, { 1: 1, 2: 8, 3: ids.subarray(0, 800) }))
}

export const idsOf = (facts: readonly RawFact[], length: number): Buffer =>
  Buffer.concat(facts.map((fact) => idOf(fact, length)))
