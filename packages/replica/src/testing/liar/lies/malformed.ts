import { erasure, factBytes, factsBytes, frame, message, numbers, plain } from '../bytes.ts'
import { summary } from '../honest.ts'
import type { Liar, Lie } from '../lie.ts'

/** What no honest member sends: each is refused, counted, and held against the liar. */
const malformed = (name: string, bytes: (liar: Liar) => readonly Uint8Array[], isGossiped = true): Lie => ({
  name,
  isMalformed: true,
  act: (liar) => {
    for (const each of bytes(liar)) {
      for (const member of liar.others()) liar.tell(member, each)
      if (isGossiped) liar.gossip(each)
    }
  },
})

const store = (facts: Uint8Array): Buffer => message(numbers.store, { 1: facts })
const good = plain('subject-5', 'a good one')
const withText = (text: Buffer): Buffer =>
  Buffer.concat([Buffer.of(0x2e, 1, 0x61, text.length >> 8, text.length & 255), text])

/** Each breaks one rule of the gate. */
export const badFacts: readonly Uint8Array[] = [
  factBytes({ mark: '?', subject: 'a', text: '' }),
  factBytes(plain('', 'nobody')),
  factBytes(plain('a'.repeat(65), 'too long a subject')),
  factBytes(plain('a/b', 'a slash')),
  factBytes(plain('é', 'no ASCII')),
  factBytes(erasure('a b')),
  withText(Buffer.alloc(16_385, 0x61)),
  withText(Buffer.of(0xed, 0xa0, 0x80)),
  withText(Buffer.of(0xff)),
  withText(Buffer.of(0xc0, 0x80)),
  factBytes(good).subarray(0, -1),
  Buffer.of(0x2e),
]

/** Five bytes each. */
const storeOfMany = store(Buffer.concat(Array.from({ length: 60_000 }, () => factBytes(plain('s', '')))))
const fieldsWithoutEnd = frame(
  Buffer.concat([Buffer.of(2), ...Array.from({ length: 100_000 }, (_, n) => Buffer.of((n % 100) + 9, 0))]),
)

export const malformedLies: readonly Lie[] = [
  malformed('sends facts that break the gate', () => badFacts.map(store)),
  malformed('hides a bad fact behind good ones', () =>
    badFacts.map((bad) => store(Buffer.concat([factBytes(good), bad]))),
  ),
  malformed('sends frames that are none', () => [
    Buffer.alloc(0),
    Buffer.of(1),
    Buffer.of(1, 0, 0, 0, 0, 1),
    frame(Buffer.alloc(0)),
    frame(Buffer.of(1, 1, 200)),
    frame(Buffer.of(2, 4, 9, 255, 255, 255, 255, 255, 255, 255, 255, 127)),
  ]),
  malformed('sends more than a message may hold', () => [store(Buffer.alloc(2_200_000, 0x2e))], false),
  malformed('stores tens of thousands of facts at once', () => [storeOfMany]),
  malformed('sends fields without end', () => [fieldsWithoutEnd]),
  malformed(
    'asks what cannot be asked',
    (liar) => [
      message(numbers.fetch, { 1: 1, 2: 3, 3: Buffer.alloc(9) }),
      message(numbers.fetch, { 1: 1, 2: 21, 3: Buffer.alloc(42) }),
      message(numbers.descend, { 1: 1, 2: 'g' }),
      message(numbers.descend, { 1: 1, 2: '0'.repeat(41) }),
      message(numbers.descend, { 1: 1, 2: Array.from({ length: 65 }, () => '0').join() }),
      summary(liar, { 3: 'e'.repeat(100_000) }),
    ],
    false,
  ),
  {
    name: 'floods with what is good, nearly good and bad',
    isMalformed: true,
    act: (liar) => {
      for (let times = 0; times < 40; times += 1) {
        const bytes = Buffer.from(store(factsBytes([plain('subject-6', `flood ${liar.whole(0, 40)}`)])))
        if (liar.random() < 0.5) bytes[liar.whole(0, bytes.length - 1)] = liar.whole(0, 255)
        liar.gossip(bytes)
        for (const member of liar.others()) liar.tell(member, bytes)
      }
    },
  },
]
