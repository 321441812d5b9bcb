import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { factKey, parseFact, parseFactKey } from './fact.ts'
import { hashOf, testId } from '../testing/kit.ts'

const someUser = testId('user')
const someTime = '019b79b3ac00-0000-9f86d081884c7d65'
const common = { user: someUser, at: someTime }

const wellFormed = [
  { ...common, kind: 'registered', username: 'Ada', passwordHash: hashOf('one') },
  { ...common, kind: 'passwordChanged', passwordHash: hashOf('two') },
  { ...common, kind: 'rehashed', passwordHash: hashOf('three'), rehashes: testId('fact') },
  { ...common, kind: 'renamed', username: 'Eva' },
  { ...common, kind: 'sessionsEnded' },
  { ...common, kind: 'disabled' },
  { ...common, kind: 'enabled', lifts: testId('fact') },
  { ...common, kind: 'erased' },
]

describe('a fact', () => {
  test.each(wellFormed)('of kind $kind is read', (value) => {
    expect(parseFact(value)).toEqual({ kind: 'fact', fact: value })
  })

  test.each(wellFormed)('of kind $kind is malformed with a field less or a field more', (value) => {
    for (const field of Object.keys(value)) {
      const less = Object.fromEntries(Object.entries(value).filter(([name]) => name !== field))
      expect(parseFact(less).kind).toBe('malformed')
    }
    expect(parseFact({ ...value, more: 1 }).kind).toBe('malformed')
    expect(parseFact({ ...value, [Symbol('more')]: 1 }).kind).toBe('malformed')
  })

  const [registered] = wellFormed
  test.each([
    ['a name that nobody may have', { ...registered, username: 'a\u202eb' }],
    ['a password in the clear', { ...registered, passwordHash: 'correct horse' }],
    ['a bcrypt hash', { ...registered, passwordHash: '$2b$10$abcdefghijklmnopqrstuv' }],
    [
      'a hash that costs gigabytes to verify',
      { ...registered, passwordHash: hashOf('x').replace('19456', '9999999') },
    ],
    ['a hash too long', { ...registered, passwordHash: hashOf('x'.repeat(300)) }],
    ['a stamp in upper case, which would sort wrongly', { ...registered, at: someTime.toUpperCase() }],
    ['a number for a stamp', { ...registered, at: 1 }],
    ['a user id of other length', { ...registered, user: 'ada' }],
    ['a kind from the prototype', { ...registered, kind: 'constructor' }],
    ['inherited fields', Object.create(registered ?? {})],
    ['another prototype', Object.assign(Object.create(null), registered)],
    ['a prototype set by JSON', Object.setPrototypeOf({ ...registered }, { admin: true })],
    ['an array', [registered]],
    ['null', null],
  ])('with %s is malformed', (_what, value) => {
    expect(parseFact(value).kind).toBe('malformed')
  })

  test('is judged without throwing and without showing values', () => {
    const value = fc.oneof(
      fc.anything(),
      fc.record({ kind: fc.constant('registered'), passwordHash: fc.string() }),
    )
    const quiet = fc.property(value, (value) => {
      expect(parseFact(value).kind).toBe('malformed')
    })
    fc.assert(quiet)
    expect(JSON.stringify(parseFact({ ...registered, passwordHash: 'hunter2' }))).not.toContain('hunter2')
  })
})

describe('the key of a fact', () => {
  test('reads back', () => {
    const key = { user: someUser, fact: testId('fact') }
    expect(parseFactKey(factKey(key))).toEqual(key)
  })

  test.each([
    '',
    '__proto__',
    `${someUser}/`,
    `${someUser}/__proto__`,
    `${someUser}/${someUser}/${someUser}`,
    `${someUser}+${someUser}`,
  ])('%j is none', (key) => expect(parseFactKey(key)).toBeUndefined())
})
