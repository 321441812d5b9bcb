import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newSession, parseSession, touched, type Session } from './session.ts'

const session: Session = newSession({ issuedAt: 5000, userId: 'u1' }, randomBytes)

describe('parseSession', () => {
  test('gives back what was written', () => {
    const full = { ...session, seenAt: 6000, clusterEpoch: 'e1', returnTo: '/budget?month=5' }
    expect(parseSession(JSON.parse(JSON.stringify(full)))).toEqual(full)
  })

  test('leaves out what it does not know', () => {
    expect(parseSession({ ...session, admin: true, _expire: 1 })).toEqual(session)
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['an array', [session]],
    ['a text', 'session'],
    ['no id', { ...session, id: undefined }],
    ['a short id', { ...session, id: 'abc' }],
    ['an id of other characters', { ...session, id: `${session.id.slice(1)}=` }],
    ['no csrf', { ...session, csrf: undefined }],
    ['a fractional time', { ...session, issuedAt: 1.5 }],
    ['a negative time', { ...session, issuedAt: -1 }],
    ['an endless time', { ...session, issuedAt: Infinity }],
    ['a time as text', { ...session, issuedAt: '5000' }],
    ['a bad sight', { ...session, seenAt: 'now' }],
    ['an empty user', { ...session, userId: '' }],
    ['a user that is no text', { ...session, userId: { id: 'u1' } }],
    ['a long user', { ...session, userId: 'u'.repeat(129) }],
    ['an empty epoch of the cluster', { ...session, clusterEpoch: '' }],
    ['a way out', { ...session, returnTo: '//evil.example' }],
  ])('refuses %s', (_what, value) => {
    expect(parseSession(value)).toBeUndefined()
  })

  test('never throws, and what it accepts it accepts again', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.dictionary(fc.constantFrom(...Object.keys(session)), fc.anything()),
        (value, change) => {
          for (const accepted of [parseSession(value), parseSession({ ...session, ...change })]) {
            expect(parseSession(accepted)).toEqual(accepted)
          }
        },
      ),
    )
  })
})

describe('touched', () => {
  test('is the very same session until it is due', () => {
    expect(touched(session, 5009, 10)).toBe(session)
    expect(touched(session, 5010, 10)).toEqual({ ...session, seenAt: 5010 })
  })

  test('is never set back by a slower clock', () => {
    const seen = { ...session, seenAt: 5050 }
    expect(touched(seen, 5020, 10)).toBe(seen)
  })
})

test('two sessions share nothing', () => {
  const [one, two] = [newSession({ issuedAt: 1 }, randomBytes), newSession({ issuedAt: 1 }, randomBytes)]
  expect(new Set([one.id, one.csrf, two.id, two.csrf]).size).toBe(4)
})
