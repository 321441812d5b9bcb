import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskSecret, provesSecret } from './anti-forgery-token.ts'

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((array) => Buffer.from(array))
const secret = bytes.map((buffer) => buffer.toString('base64url'))

test('a token proves its secret under every pad', () => {
  fc.assert(
    fc.property(secret, bytes, (secret, pad) => {
      expect(provesSecret(maskSecret(secret, pad), secret)).toBe(true)
    }),
  )
})

test('a token proves no other secret', () => {
  fc.assert(
    fc.property(secret, secret, bytes, (secret, other, pad) => {
      fc.pre(secret !== other)
      expect(provesSecret(maskSecret(secret, pad), other)).toBe(false)
    }),
  )
})

test('no other text proves it, and none throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), secret, (text, secret) => {
      expect(provesSecret(text, secret)).toBe(false)
    }),
  )
})

test('the secret itself is not a token, and does not appear in one', () => {
  const secret = Buffer.alloc(16, 7).toString('base64url')
  expect(provesSecret(secret, secret)).toBe(false)
  expect(maskSecret(secret, Buffer.alloc(16, 9))).not.toContain(secret)
})
