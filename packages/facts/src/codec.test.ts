import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFacts, encodeFacts, sizeOf } from './codec.ts'
import { InvalidFactError } from './errors.ts'
import { erasureOf, factAt, factOf, keyOf } from './fact.ts'
import { gate } from './gate.ts'
import { anyFact } from './testing/random.ts'

describe('facts as bytes', () => {
  test('come back as they were', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => factOf('ada', text))
    fc.assert(
      fc.property(fc.array(fc.oneof(anyFact, texts), { maxLength: 20 }), (facts) => {
        const bytes = encodeFacts(facts)
        expect(decodeFacts(bytes)).toEqual(facts)
        expect(bytes.length).toBe(facts.reduce((sum, fact) => sum + sizeOf(fact), 0))
      }),
    )
  })

  test('are refused where anything about them is not well-formed, and cost no more than they are long', () => {
    const whole = encodeFacts([factOf('ada', 'text')])
    const broken: [string, Uint8Array][] = [
      ['cut off', whole.subarray(0, whole.length - 1)],
      ['an unknown mark', Uint8Array.of(0x3f, 1, 0x61, 0, 0)],
      ['no subject', Uint8Array.of(0x2e, 0, 0, 0)],
      ['a subject of other letters', Uint8Array.of(0x2e, 1, 0x2f, 0, 0)],
      ['a text that is not UTF-8', Uint8Array.of(0x2e, 1, 0x61, 0, 1, 0xff)],
      ['half a surrogate pair as UTF-8', Uint8Array.of(0x2e, 1, 0x61, 0, 3, 0xed, 0xa0, 0x80)],
      ['a text over the bound', Uint8Array.of(0x2e, 1, 0x61, 0x40, 1, ...new Uint8Array(0x4001))],
    ]
    for (const [what, bytes] of broken) expect(() => decodeFacts(bytes), what).toThrowError(InvalidFactError)
  })

  test('of any kind never do more than be refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(readOrRefused(bytes)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 5_000 },
    )
  })
})

/** Bytes that are refused count as they are; whatever else is thrown is passed on. */
const readOrRefused = (bytes: Uint8Array): Uint8Array => {
  try {
    return encodeFacts(decodeFacts(bytes))
  } catch (error) {
    if (error instanceof InvalidFactError) return Buffer.from(bytes)
    throw error
  }
}

describe('a key', () => {
  test('is the hash of subject, mark and text', () => {
    expect(keyOf(factOf('ada', 'two pints'))).toBe('ada/.zlFZmkPCR8ghDkuJW34xdteIlcc')
    expect(keyOf(erasureOf('ada'))).toBe('ada/!1knaw9NE8b30-MPqW4Iuh3AZ6tT')
    expect(keyOf(factOf('ada', 'erased'))).not.toContain('!')
  })

  test('tells its fact, and nothing lies under a key that is not its own', () => {
    const fact = factOf('ada', 'a')
    expect(factAt(keyOf(fact), 'a')).toEqual(fact)
    expect(factAt(keyOf(erasureOf('ada')), 'erased')).toEqual(erasureOf('ada'))
    for (const [key, value] of [
      [keyOf(fact), 'b'],
      [keyOf(factOf('bob', 'a')), 'b'],
      [keyOf(erasureOf('ada')), 'a'],
      [`${keyOf(fact)}A`, 'a'],
      [keyOf(fact).replace('.', '!'), 'a'],
      ['', 'a'],
      [keyOf(fact), 1],
    ] as const)
      expect(() => factAt(key, value), key).toThrowError(InvalidFactError)
  })
})

describe('the gate', () => {
  test('admits a text of exactly its bound in bytes, and not one byte more', () => {
    expect(factOf('ada', 'é'.repeat(gate.textBytes / 2)).mark).toBe('.')
    expect(() => factOf('ada', `${'é'.repeat(gate.textBytes / 2)}a`)).toThrowError(
      'at most 16384 bytes of text; seen: 16385',
    )
  })

  test('says what was seen and what is allowed, and not the text', () => {
    expect(() => factOf('a b', '')).toThrowError(
      'A subject is 1 to 64 of A-Z, a-z, 0-9, "-" and "_"; seen: 3 characters',
    )
    expect(() => factOf('ada', '\udc00')).toThrowError('well-formed Unicode')
  })
})
