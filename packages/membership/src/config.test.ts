import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { defaultTimings } from './config.ts'

const source = readFileSync(new URL('config.ts', import.meta.url), 'utf8')

test('every timing says the default that it has', () => {
  const documented = [...source.matchAll(/@default (\d+)[^/]*\*\/\s+readonly (\w+): number/g)].map(
    ([, value, name]) => [name, Number(value)] as const,
  )
  expect(Object.fromEntries(documented)).toEqual(defaultTimings)
})
