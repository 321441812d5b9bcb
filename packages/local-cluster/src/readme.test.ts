import { filesBeside, withoutLayout } from '@grapevine/std/testing'
import { expect, test } from 'vitest'
import { resolveConfig } from './config.ts'
import * as api from './index.ts'

const read = filesBeside(import.meta.url)

test.each(['example.test.ts', 'nemesis-example.test.ts'])(
  'what the README shows is what is compiled and run: %s',
  (file) => {
    const example = read(file)
      .replace(/^\/\/.*\n/, '')
      .replaceAll("new URL('../examples/notes.mjs', import.meta.url)", "'notes.mjs'")
      .replace("'./index.ts'", "'@grapevine/local-cluster'")
      .replace("'./test-runners/vitest.ts'", "'@grapevine/local-cluster/vitest'")
    expect(withoutLayout(read('../README.md'))).toContain(withoutLayout(example))
  },
)

test('the program of the README is the one that the example runs', () => {
  expect(withoutLayout(read('../README.md'))).toContain(withoutLayout(read('../examples/notes.mjs')))
})

test('the README names whatever the package gives, and every option', () => {
  const readme = read('../README.md')
  const options = [...read('config.ts').matchAll(/^ {2}(?:readonly )?(\w+)\??: /gm)].map(
    ([, name = '']) => name,
  )
  expect(options).toContain('stopTimeoutMs')
  const missing = [...Object.keys(api), ...options].filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(readme),
  )
  expect(missing).toEqual([])
})

test('the defaults that comments and the README say are those that hold', () => {
  const readme = read('../README.md')
  const numbers = /@default ([\d_]+) \*\/\n {2}(\w+)\?:/g
  const said = [...read('config.ts').matchAll(numbers)].map(([, value = '', name = '']) => ({
    name,
    value: Number(value.replaceAll('_', '')),
  }))
  expect(said.length).toBeGreaterThan(3)
  const entry = new URL('../examples/notes.mjs', import.meta.url)
  const config: object = resolveConfig({ entry, nodes: 1 })
  for (const { name, value } of said) {
    expect(config, name).toHaveProperty(name, value)
    const [, cell = ''] = new RegExp(`^\\| \`${name}\` .*\\| ([^|]+) \\|$`, 'm').exec(readme) ?? []
    expect(Number(cell.replaceAll(' ', '')), `README: ${name}`).toBe(value)
  }
})
