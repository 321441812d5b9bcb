import { erasure, factsBytes, idOf, message, numbers, plain, type RawFact } from '../bytes.ts'
import type { Liar, Lie } from '../lie.ts'

/** Lies about what is so: each fact passes the gate, and not everybody is told the same. */
const store = (facts: readonly RawFact[]): Buffer => message(numbers.store, { 1: factsBytes(facts) })

const someSubject = (liar: Liar): string => `subject-${liar.whole(0, 11)}`

export const contents: readonly Lie[] = [
  {
    name: 'tells each member another content of one fact',
    act: (liar) => {
      const subject = someSubject(liar)
      for (const member of liar.others()) {
        const fact = plain(subject, JSON.stringify({ id: 'one', said: `to ${member}` }))
        liar.hold([fact])
        liar.tell(member, store([fact]))
      }
    },
  },
  {
    name: 'tells one member only, and holds nothing of it',
    act: (liar) => {
      const [member] = liar.others()
      if (member !== undefined)
        liar.tell(member, store([plain(someSubject(liar), `secret ${liar.random()}`)]))
    },
  },
  {
    name: 'erases for one member only',
    act: (liar) => {
      const others = liar.others()
      const member = others[liar.whole(0, others.length - 1)]
      if (member !== undefined) liar.tell(member, store([erasure(someSubject(liar))]))
    },
  },
  {
    name: 'erases for one, and says more of the same for the others',
    act: (liar) => {
      const subject = someSubject(liar)
      const late = plain(subject, `after the end ${liar.random()}`)
      liar.hold([late])
      for (const [index, member] of liar.others().entries())
        liar.tell(member, store(index === 0 ? [erasure(subject), late] : [late]))
    },
  },
  {
    name: 'says what no reader understands',
    act: (liar) => {
      for (const member of liar.others()) liar.tell(member, store(absurd))
      liar.gossip(store(absurd))
    },
  },
  {
    name: 'invents subjects without end',
    act: (liar) => {
      const facts = Array.from({ length: 200 }, () => plain(`invented-${liar.whole(0, 1e9)}`, 'a claim'))
      const others = liar.others()
      const member = others[liar.whole(0, others.length - 1)]
      if (member !== undefined) liar.tell(member, store(facts))
    },
  },
  {
    name: 'sends 512 copies of one true fact, 60 times',
    act: (liar) => {
      const [fact = plain('subject-0', 'the same')] = liar.halves[1] ?? []
      const copies = store(Array.from({ length: 512 }, () => fact))
      const [member] = liar.others()
      if (member !== undefined) for (let times = 0; times < 60; times += 1) liar.tell(member, copies)
    },
  },
  {
    name: 'grinds facts whose hashes lie in one corner of the tree',
    act: (liar) => {
      const facts: RawFact[] = []
      for (let tried = 0; tried < 2_000; tried += 1) {
        const fact = plain('subject-1', `ground ${liar.random()}`)
        if (idOf(fact, 1)[0] === 0) facts.push(fact)
      }
      liar.hold(facts)
      const [member] = liar.others()
      if (member !== undefined) liar.tell(member, store(facts))
    },
  },
]

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** Each passes the gate. */
const absurd: readonly RawFact[] = [
  plain('subject-2', nested(8_000)),
  plain('subject-2', '{"__proto__":{"isAdmin":true},"constructor":null}'),
  plain('subject-2', '{"kind":"registered","stamp":1e308,"at":-9007199254740993}'),
  plain('subject-2', '{"kind":'),
  plain('subject-2', '\0\u202e\ufeff\u{10ffff}'),
  plain('subject-2', 'x'.repeat(16_384)),
  plain('subject-2', ''),
  plain('__proto__', '{"kind":"registered"}'),
  plain('constructor', 'toString'),
  plain('-', 'erased'),
]
