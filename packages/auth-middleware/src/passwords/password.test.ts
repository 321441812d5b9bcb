import { describe, expect, test } from 'vitest'
import { InvalidPasswordError } from '../errors.ts'
import { isCommonPassword } from './common-passwords.ts'
import { checkPassword, isHashable } from './password.ts'

describe('allowed', () => {
  test.each([
    ['8 characters', 'zq4-abcd'],
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

test.each(['password', 'PASSWORD', '12345678', 'Football', 'qwertyuiop'])('%s is too common', (password) => {
  expect(isCommonPassword(password)).toBe(true)
  expect(() => checkPassword(password)).toThrow('most common')
})

test.each(['password of mine', ' password', 'correct horse', '🍇🍇🍇🍇🍇🍇🍇🍇'])('%j is not', (password) => {
  expect(() => checkPassword(password)).not.toThrow()
})

test('a word of the context is refused in whatever case, and a longer one is not', () => {
  const options = { contextWords: ['Grapevine'] }
  expect(() => checkPassword('grapeVINE', options)).toThrow('first password')
  expect(() => checkPassword('grapevine harvest', options)).not.toThrow()
})
