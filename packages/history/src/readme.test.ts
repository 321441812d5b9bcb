import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesBeside, withoutLayout } from '@grapevine/std/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import * as api from './index.ts'

const read = filesBeside(import.meta.url)

const here = process.cwd()

test('the example of the README is the one that is compiled and run, and prints and writes what it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'))
  onTestFinished(() => {
    process.chdir(here)
    rmSync(folder, { recursive: true })
  })
  process.chdir(folder)
  const printed: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...given) => void printed.push(given.join(' ')))
  await import('./example.ts')
  vi.restoreAllMocks()
  const example = read('example.ts').replace(/^\/\/.*\n/, '')
  expect(printed).toEqual([...example.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, line]) => line))
  expect(printed).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['run.svg', 'run.txt'])
  expect(withoutLayout(read('../README.md'))).toContain(
    withoutLayout(example.replaceAll("'./index.ts'", "'@grapevine/history'")),
  )
})

test('the README names whatever the package gives', () => {
  const readme = read('../README.md')
  const missing = Object.keys(api).filter((name) => !new RegExp(`\\b${name}\\b`).test(readme))
  expect(missing).toEqual([])
})
