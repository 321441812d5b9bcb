import { expect, test } from 'vitest'
import { readOptions, UsageError } from './options.ts'

const names = ['requests', 'idle']

test('without flags all is measured at full size, and docs are left alone', () => {
  expect(readOptions([], names)).toEqual({
    mode: 'full',
    rounds: 5,
    only: [],
    publish: false,
    profile: false,
  })
})

test('quick means two rounds, unless told otherwise', () => {
  expect(readOptions(['--quick'], names)).toMatchObject({ mode: 'quick', rounds: 2 })
  expect(readOptions(['--quick', '--rounds', '4'], names).rounds).toBe(4)
})

test('a bare -- of the package manager is passed over', () => {
  expect(readOptions(['--', '--only', 'idle,requests'], names).only).toEqual(['idle', 'requests'])
})

test.each([
  ['--only', 'speed'],
  ['--rounds', '0'],
  ['--rounds', 'many'],
  ['--fast'],
  ['--publish', '--quick'],
  ['--publish', '--only', 'idle'],
])('%s %s is refused', (...args) => {
  expect(() => readOptions(args, names)).toThrow(UsageError)
})
