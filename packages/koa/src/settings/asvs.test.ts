import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const page = readFileSync(new URL('docs/asvs.md', root), 'utf8')
const ofMiddleware = readdirSync(new URL('packages/auth-middleware/src', root), { recursive: true }).map(
  String,
)

test('every test that docs/asvs.md names is there', () => {
  const named = [...page.matchAll(/`([\w./-]+\.test\.ts)`/g)].flatMap(([, path]) => path ?? [])
  expect(named.length).toBeGreaterThan(50)
  const missing = named.filter((path) =>
    /^(packages|apps|e2e)\//.test(path)
      ? !existsSync(new URL(path, root))
      : !ofMiddleware.some((file) => file === path || file.endsWith(`/${path}`)),
  )
  expect(missing).toEqual([])
})

test('every row says whether it is met, and of what is met by which test, or why none is needed', () => {
  const rows = page.split('\n').filter((line) => /^\| \d/.test(line))
  expect(rows.length).toBeGreaterThan(90)
  for (const row of rows) {
    const [, , level = '', verdict = '', why = ''] = row.split('|').map((cell) => cell.trim())
    expect(level, row).toMatch(/^([1-3](–[1-3])?)?$/)
    expect(verdict, row).toMatch(/^(met|met in production|in part|not met|not applicable|the operator's)$/)
    expect(why.length, row).toBeGreaterThan(10)
  }
})
