import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Without layout, which the formatter decides by the length of paths. */
const words = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')

test('the example of the README is the one that is compiled and run', () => {
  const example = read('example.test.ts')
    .replace(/^\/\/.*\n/, '')
    .replaceAll("new URL('../fixtures/counter.mjs', import.meta.url)", "'server.js'")
    .replace("'./index.ts'", "'@grapevine/local-cluster'")
  expect(words(read('../README.md'))).toContain(words(example))
})
