import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Without layout, which the formatter decides by the length of paths. */
const words = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')

test('the example of the README is the one that is compiled and run', () => {
  const example = read('example.test.ts')
    .replace(/^\/\/.*\n/, '')
    .replaceAll("new URL('../fixtures/notes.mjs', import.meta.url)", "'notes.mjs'")
    .replace("'./index.ts'", "'@grapevine/local-cluster'")
    .replace("'./vitest.ts'", "'@grapevine/local-cluster/vitest'")
  expect(words(read('../README.md'))).toContain(words(example))
})

test('the program of the README is the one that the example runs', () => {
  expect(words(read('../README.md'))).toContain(words(read('../fixtures/notes.mjs')))
})
