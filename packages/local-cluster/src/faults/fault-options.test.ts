import { expect, test } from 'vitest'
import { checkShare, checkSlow } from './fault-options.ts'

test.each([
  [{ share: 0 }, 'share is 0; allowed: a number above 0'],
  [{ share: 1.1 }, 'share is 1.1'],
  [{ share: Number.NaN }, 'share is NaN'],
  [{ share: 0.5, of: 'a' }, 'of is unknown; allowed: on, share'],
])('of a share, %o is refused', (options, message) => {
  expect(() => checkShare(options)).toThrow(message)
})

test.each([
  [{}, 'bitsPerSecond, delayMs, or both'],
  [{ bitsPerSecond: 1 }, 'bitsPerSecond is 1'],
  [{ delayMs: Number.NaN }, 'delayMs is NaN'],
])('of what is to be slow, %o is refused', (options, message) => {
  expect(() => checkSlow(options)).toThrow(message)
})
