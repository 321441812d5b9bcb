import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { codeOf, errorOf, InvalidOptionError, isError, reasonOf } from './index.ts'

/** For `instanceof Error` it is none. */
const foreign: unknown = runInNewContext("Object.assign(new Error('gone'), { code: 'ENOENT' })")

test('an error of another realm is an error', () => {
  expect(foreign instanceof Error).toBe(false)
  expect([isError(foreign), reasonOf(foreign), codeOf(foreign)]).toEqual([true, 'gone', 'ENOENT'])
  expect(errorOf(foreign)).toBe(foreign)
})

test('whatever is thrown has a reason', () => {
  expect(['no', 7, null, undefined].map(reasonOf)).toEqual(['no', '7', 'null', 'undefined'])
  expect(errorOf('no').message).toBe('no')
  expect(codeOf('no')).toBeUndefined()
  expect(codeOf(new InvalidOptionError('a', 'missing', 'text'))).toBe('INVALID_OPTION')
})

test('a cause is told where the message does not tell it', () => {
  const cause = new Error('connect ECONNREFUSED')
  expect(reasonOf(new TypeError('fetch failed', { cause }))).toBe('fetch failed (connect ECONNREFUSED)')
  expect(reasonOf(new Error('no answer: connect ECONNREFUSED', { cause }))).toBe(
    'no answer: connect ECONNREFUSED',
  )
})
