import { describe, expect, test } from 'vitest'
import { InvalidPasswordError } from './errors.ts'
import { checkPassword, isHashable } from './password.ts'

describe('allowed', () => {
  test.each([
    ['8 characters', 'abcdefgh'],
    ['128 characters', 'a'.repeat(128)],
    ['8 characters outside the BMP', '🍇'.repeat(8)],
    ['128 of them', '🍇'.repeat(128)],
    ['only spaces', '        '],
    ['control characters', '\u0000\u0001\n\t\r\u007fab'],
  ])('%s', (_what, password) => {
    expect(() => checkPassword(password)).not.toThrow()
  })
})

describe('refused', () => {
  test.each<[string, unknown]>([
    ['7 characters', 'abcdefg'],
    ['4 characters of two UTF-16 units', '🍇'.repeat(4)],
    ['129 characters', 'a'.repeat(129)],
    ['nothing', undefined],
    ['a list', ['abcdefgh']],
    ['half a character', 'abcdefgh\ud83c'],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('%s', (_what, password) => {
    expect(() => checkPassword(password)).toThrow(InvalidPasswordError)
  })

  test('without repeating the password', () => {
    expect(() => checkPassword('hunter2')).toThrow('The password has 7 characters; 8 to 128 are allowed.')
  })
})

test('two texts that UTF-8 would make one are not both hashable', () => {
  expect(isHashable('password\ufffd')).toBe(true)
  expect(isHashable('password\ud800')).toBe(false)
})
