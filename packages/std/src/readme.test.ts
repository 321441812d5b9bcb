import { expect, test, vi } from 'vitest'
import { filesBeside, withoutLayout } from './testing/index.ts'
import * as api from './index.ts'

const read = filesBeside(import.meta.url)

test('the example of the README is the one that is compiled and run, and prints what it says', async () => {
  const printed: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation((...given) => void printed.push(...given))
  await import('./example.ts')
  vi.restoreAllMocks()
  expect(printed).toEqual([
    { mode: 'safe', retries: 3 },
    'INVALID_OPTION',
    'retrys is unknown; allowed: mode, retries',
  ])
  expect(withoutLayout(read('../README.md'))).toContain(
    withoutLayout(read('example.ts').replace("'./index.ts'", "'@grapevine/std'")),
  )
})

test('the README names whatever the package gives', () => {
  const readme = read('../README.md')
  expect(Object.keys(api).filter((name) => !readme.includes(`\`${name}`))).toEqual([])
})

test('the package knows nobody, and only its Node.js part knows Node.js', () => {
  const imports = [...read('index.ts').matchAll(/from '\.\/(.+)'/g)].map(([, file]) => read(file ?? ''))
  expect(imports.length).toBeGreaterThan(8)
  expect(imports.join('\n')).not.toMatch(/from '[^.]/)
  expect(JSON.parse(read('../package.json'))).not.toHaveProperty('dependencies')
})
