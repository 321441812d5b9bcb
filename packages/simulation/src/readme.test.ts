import { filesBeside, withoutLayout } from '@grapevine/std/testing'
import { expect, test, vi } from 'vitest'
import * as api from './index.ts'

const read = filesBeside(import.meta.url)

test('the example of the README is the one that is compiled and run, and prints what it says', async () => {
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...given) => void printed.push(given.join(' ')))
  await import('./example.ts')
  vi.restoreAllMocks()
  const example = read('example.ts').replace(/^\/\/.*\n/, '')
  const promised = [...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, line]) => line)
  expect(promised.length).toBeGreaterThan(0)
  expect(printed).toEqual(promised)
  expect(withoutLayout(read('../README.md'))).toContain(
    withoutLayout(example.replace("'./index.ts'", "'@grapevine/simulation'")),
  )
})

test('the README names whatever the package gives', () => {
  const readme = read('../README.md')
  expect(Object.keys(api).filter((name) => !readme.includes(`\`${name}`))).toEqual([])
})
