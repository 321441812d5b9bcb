import { expect, test } from 'vitest'
import { sayOnce } from './say-once.ts'

test('what several instances say together is said once; each may repeat itself, and say it again later', () => {
  let time = 0
  const isNew = sayOnce(() => time)
  expect(isNew('node-1', '10:00:00 warning: cookies')).toBe(true)
  expect(isNew('node-2', '10:00:01 warning: cookies')).toBe(false)
  expect(isNew('node-2', '10:00:01 something else')).toBe(true)
  expect(isNew('node-1', '10:00:02 warning: cookies')).toBe(true)
  time = 11_000
  expect(isNew('node-2', '10:00:11 warning: cookies')).toBe(true)
})
