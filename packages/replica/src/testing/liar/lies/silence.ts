import { frame, message, numbers } from '../bytes.ts'
import { honestAnswer, summary } from '../honest.ts'
import type { Liar, Lie } from '../lie.ts'

/** Lies by saying nothing, late, or something else; and what is no lie, but of a version to come. */
const provoke = (liar: Liar): void => {
  for (const member of liar.others())
    liar.tell(member, summary(liar, { 1: Buffer.alloc(32, 7), 2: Buffer.alloc(32, 8) }))
}

export const silence: readonly Lie[] = [
  { name: 'never answers', act: provoke, answer: () => new Promise(() => undefined) },
  {
    name: 'answers after nine seconds',
    act: provoke,
    answer: (liar, request) =>
      new Promise((resolve) => liar.after(9_000, () => resolve(honestAnswer(liar, request)))),
  },
  { name: 'answers with another message', act: provoke, answer: () => message(numbers.offers, { 2: 5 }) },
  {
    name: 'knows no question',
    act: provoke,
    answer: (_, { number }) => message(numbers.unknown, { 1: number }),
  },
  { name: 'answers in a version to come', act: provoke, answer: () => frame(Buffer.from('of tomorrow'), 9) },
  { name: 'refuses every question', act: provoke, answer: () => Promise.reject(new Error('refused')) },
  {
    name: 'speaks of what does not exist yet',
    act: (liar) => {
      const toCome = [
        frame(Buffer.from('a frame of tomorrow'), 2),
        message(42, { 1: 'a message of tomorrow' }),
        message(numbers.descend, { 1: 1, 2: '', 99: 'a field of tomorrow', 1_000_000: 7 }),
        summary(liar, { 200: 'a field of tomorrow' }),
      ]
      for (const bytes of toCome) {
        for (const member of liar.others()) liar.tell(member, bytes)
        liar.gossip(bytes)
      }
    },
  },
]
