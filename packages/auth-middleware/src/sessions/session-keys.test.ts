import { expect, test } from 'vitest'
import { InvalidOptionError } from '@grapevine/std'
import { deriveSessionKeys } from './session-keys.ts'

const oldSecret = 'the old secret of the cluster'
const newSecret = 'the new secret of the cluster'

test('two nodes with the same secret honour each other', () => {
  const signature = deriveSessionKeys([oldSecret]).sign('cookie')
  expect(deriveSessionKeys([oldSecret]).verify('cookie', signature)).toBe(true)
})

test('a signature of an older secret is honoured while it is listed, and not after', () => {
  const signature = deriveSessionKeys([oldSecret]).sign('cookie')
  expect(deriveSessionKeys([newSecret, oldSecret]).verify('cookie', signature)).toBe(true)
  expect(deriveSessionKeys([newSecret]).verify('cookie', signature)).toBe(false)
})

test('the newest secret signs', () => {
  const signature = deriveSessionKeys([newSecret, oldSecret]).sign('cookie')
  expect(deriveSessionKeys([newSecret]).sign('cookie')).toBe(signature)
})

test('signatures are HMAC-SHA-256: 32 bytes', () => {
  const signature = deriveSessionKeys([oldSecret]).sign('cookie')
  expect(Buffer.from(signature, 'base64url')).toHaveLength(32)
})

test('the derivation does not change between versions: it would log everybody out', () => {
  expect(deriveSessionKeys([oldSecret]).sign('cookie')).toMatchInlineSnapshot(
    `"Rqd2azj8xctK2tN2ceNerKaEgjeF59woIln5m4e5eJg"`,
  )
})

test('a missing or short secret is refused without being shown', () => {
  expect(() => deriveSessionKeys([])).toThrow(InvalidOptionError)
  expect(() => deriveSessionKeys([oldSecret, 'hunter2'])).toThrow(
    'secrets[1] is 7 bytes long; allowed: at least 16 bytes',
  )
})
