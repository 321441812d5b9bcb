import { filesBeside, withoutLayout } from '@grapevine/std/testing'
import { expect, test, vi } from 'vitest'
import { gate } from './gate.ts'

const read = filesBeside(import.meta.url)

test('the example of the README is the one that is compiled and run, and prints what it says', async () => {
  const printed: unknown[] = []
  vi.spyOn(console, 'log').mockImplementation((...given) => void printed.push(...given))
  await import('./example.ts')
  vi.restoreAllMocks()
  expect(printed).toEqual(['two pints of milk', 1, true])
  expect(withoutLayout(read('../README.md'))).toContain(
    withoutLayout(read('example.ts').replace("'./index.ts'", "'@grapevine/facts'")),
  )
})

test('the README tells the bounds of the gate', () => {
  expect(read('../README.md')).toContain(`at most ${gate.textBytes.toLocaleString('en')} bytes`)
  expect(read('../README.md')).toContain(`1 to ${gate.subjectLength} of`)
})
