import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutations } from './mutations.ts'

const root = new URL('../../../', import.meta.url)
const edits = mutations.flatMap(({ name, edits }) => edits.map((edit) => ({ name, ...edit })))

test.each(edits)('$name: what it changes stands once in $file', ({ file, find, replace }) => {
  expect(readFileSync(new URL(file, root), 'utf8').split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})
