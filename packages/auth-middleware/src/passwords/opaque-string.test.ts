import { hash as argon2Hash } from '@node-rs/argon2'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cheapHasher } from '../testing/auth-app.ts'
import { opaqueString } from './opaque-string.ts'

const signal = new AbortController().signal
const hasher = cheapHasher()

test.each<[string, string, string]>([
  ['spaces inside, and case, are kept (RFC 8265, 4.3)', 'Correct Horse  Battery', 'Correct Horse  Battery'],
  ['another kind of space is a space', 'foo\u1680bar\u00a0baz', 'foo bar baz'],
  ['a letter in two characters is one', 'cafe\u0301', 'caf\u00e9'],
  ['an Angstrom sign is the letter', '\u212b', '\u00c5'],
  ['width is kept', '\uff21\uff11', '\uff21\uff11'],
  ['compatibility characters are kept', '\ufb01\u00b2', '\ufb01\u00b2'],
  [
    'emoji, joiners and controls are kept',
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u0007',
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u0007',
  ],
])('%s', (_what, typed, prepared) => {
  expect(opaqueString(typed)).toBe(prepared)
})

test('preparing once is preparing for good', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(opaqueString(opaqueString(text))).toBe(opaqueString(text))
    }),
  )
})

test('one password opens, however the keyboard spells it', async () => {
  const [composed, decomposed] = ['un caf\u00e9 noir', 'un\u00a0cafe\u0301 noir']
  const hash = await hasher.hash(decomposed, { signal })
  expect(await hasher.verify(hash, composed, { signal })).toBe(true)
  expect(await hasher.verify(hash, decomposed, { signal })).toBe(true)
  expect(await hasher.verify(hash, 'un cafe noir', { signal })).toBe(false)
})

test('a hash from before, of the password as it was typed, still opens', async () => {
  const decomposed = 'un cafe\u0301 noir'
  const old = await argon2Hash(decomposed, { memoryCost: 8, timeCost: 1 })
  expect(await hasher.verify(old, decomposed, { signal })).toBe(true)
})
