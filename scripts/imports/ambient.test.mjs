import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ambientUses, takesAmbient } from './ambient.mjs'
import { readPackages } from './modules.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('time, timers and chance are taken by shells alone', () => {
  expect(ambientUses(root, readPackages(root))).toEqual([])
})

test.each([
  'const at = Date.now()',
  'setTimeout(task, 5)',
  'const share = Math.random()',
  "import { createHash, randomBytes } from 'node:crypto'",
])('%s is seen', (code) => {
  expect(takesAmbient(code)).toBe(true)
})

test.each(['// Date.now', 'new Date(at)', "import { createHash } from 'node:crypto'", 'clock.now()'])(
  '%s is not',
  (code) => {
    expect(takesAmbient(code)).toBe(false)
  },
)
