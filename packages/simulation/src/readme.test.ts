import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import * as api from './index.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Without layout, which the formatter decides. */
const words = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')

test('the example of the README is the one that is compiled and run, and prints what it says', async () => {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...given) => void printed.push(given.join(' ')))
  await import('./example.ts')
  vi.restoreAllMocks()
  const example = read('example.ts').replace(/^\/\/.*\n/, '')
  const promised = [...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, line]) => line)
  expect(promised.length).toBeGreaterThan(0)
  expect(printed).toEqual(promised)
  expect(words(read('../README.md'))).toContain(
    words(example.replace("'./index.ts'", "'@grapevine/simulation'")),
  )
})

test('the README names whatever the package gives', () => {
  const readme = read('../README.md')
  expect(Object.keys(api).filter((name) => !readme.includes(`\`${name}`))).toEqual([])
})
