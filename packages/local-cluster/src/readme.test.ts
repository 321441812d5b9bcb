import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Without layout, which the formatter decides by the length of paths. */
const words = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')

test.each(['example.test.ts', 'nemesis-example.test.ts'])(
  'what the README shows is what is compiled and run: %s',
  (file) => {
    const example = read(file)
      .replace(/^\/\/.*\n/, '')
      .replaceAll("new URL('../examples/notes.mjs', import.meta.url)", "'notes.mjs'")
      .replace("'./index.ts'", "'@grapevine/local-cluster'")
      .replace("'./runners/vitest.ts'", "'@grapevine/local-cluster/vitest'")
    expect(words(read('../README.md'))).toContain(words(example))
  },
)

test('the program of the README is the one that the example runs', () => {
  expect(words(read('../README.md'))).toContain(words(read('../examples/notes.mjs')))
})
