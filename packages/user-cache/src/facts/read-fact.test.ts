import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashOf, said, stampAt, testId } from '../testing/kit.ts'
import { maxNamed, writeFact, type Saying } from './fact.ts'
import { readFact, type UnreadReason } from './read-fact.ts'

const someUser = testId('user')
const someHash = 'zlFZmkPCR8ghDkuJW34xdteIlcc'

const sayings: readonly Saying[] = [
  { kind: 'registered', username: 'Ada', passwordHash: hashOf('one') },
  { kind: 'passwordChanged', passwordHash: hashOf('two') },
  { kind: 'rehashed', passwordHash: hashOf('three'), rehashes: someHash },
  { kind: 'renamed', username: 'Eva' },
  { kind: 'respelled', username: 'EVA', continues: someHash },
  { kind: 'sessionsEnded' },
  { kind: 'disabled' },
  { kind: 'enabled', lifts: [someHash] },
  { kind: 'roleGranted', role: 'operator' },
  { kind: 'roleRevoked', role: 'operator' },
]
const common = { at: stampAt(5), salt: testId('salt'), after: [someHash] }

describe('a fact', () => {
  test.each(sayings)('of kind $kind is read as it was written', (saying) => {
    const text = writeFact(saying, common)
    expect(readFact(someUser, text)).toEqual({ kind: 'read', fact: { ...saying, ...common } })
    expect(text.startsWith(`{"kind":"${saying.kind}","at":"`)).toBe(true)
  })

  test.each(sayings)('of kind $kind with a field less or a field more is not read', (saying) => {
    const value: object = JSON.parse(writeFact(saying, common))
    for (const field of Object.keys(value)) {
      const less = Object.fromEntries(Object.entries(value).filter(([name]) => name !== field))
      expect(readFact(someUser, JSON.stringify(less)).kind).toBe('unread')
      const other = { ...less, toString: 1 }
      expect(readFact(someUser, JSON.stringify(other)).kind).toBe('unread')
    }
    expect(readFact(someUser, JSON.stringify({ ...value, more: 1 }))).toEqual({
      kind: 'unread',
      reason: 'otherFields',
    })
  })

  const registered = { ...said('registered'), username: 'Ada', passwordHash: hashOf('one') }
  const named = (count: number) => Array.from({ length: count }, () => someHash)
  test.each<[string, unknown, UnreadReason]>([
    ['text that is no JSON', '{"kind":', 'noObject'],
    ['an array', [registered], 'noObject'],
    ['null', null, 'noObject'],
    ['a kind of a later version', { ...registered, kind: 'promoted' }, 'unknownKind'],
    ['a kind from the prototype', { ...registered, kind: 'constructor' }, 'unknownKind'],
    ['a name with a letter of Unicode 17', { ...registered, username: '\u{323B0}' }, 'badUsername'],
    ['a name that nobody may have', { ...registered, username: 'a\u202eb' }, 'badUsername'],
    ['a password in the clear', { ...registered, passwordHash: 'correct horse' }, 'badPasswordHash'],
    ['a bcrypt hash', { ...registered, passwordHash: '$2b$10$abcdefghijklmnopqrstuv' }, 'badPasswordHash'],
    [
      'a hash that costs gigabytes to verify',
      { ...registered, passwordHash: hashOf('x').replace('19456', '9999999') },
      'badPasswordHash',
    ],
    ['a hash too long', { ...registered, passwordHash: hashOf('x'.repeat(300)) }, 'badPasswordHash'],
    ['a stamp in upper case', { ...registered, at: stampAt(2 ** 41 - 1).toUpperCase() }, 'absurdStamp'],
    [
      'a stamp at the end of time',
      { ...registered, at: 'ffffffffffff-ffff-9f86d081884c7d65' },
      'absurdStamp',
    ],
    ['a number for a stamp', { ...registered, at: 1 }, 'absurdStamp'],
    ['a salt of other length', { ...registered, salt: 'x' }, 'badReference'],
    ['no list', { ...registered, after: someHash }, 'badReference'],
    ['a hash of other length', { ...registered, after: ['x'] }, 'badReference'],
    ['more hashes than the bound', { ...registered, after: named(maxNamed + 1) }, 'badReference'],
  ])('with %s is not read', (_what, value, reason) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    expect(readFact(someUser, text)).toEqual({ kind: 'unread', reason })
  })

  test('of a subject that is no user is not read', () => {
    expect(readFact('ada', JSON.stringify(registered))).toEqual({ kind: 'unread', reason: 'noUser' })
  })

  test('with as many hashes as it may name has room in a fact', () => {
    const most = { at: common.at, salt: common.salt, after: named(maxNamed) }
    const text = writeFact({ kind: 'enabled', lifts: named(maxNamed) }, most)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16_384)
    expect(readFact(someUser, text).kind).toBe('read')
  })

  test('is judged without throwing, whatever its text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc
        .record({ kind: fc.constantFrom(...sayings.map(({ kind }) => kind)) })
        .map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        expect(['read', 'unread']).toContain(readFact(someUser, text).kind)
      }),
      { numRuns: 2_000 },
    )
  })
})
