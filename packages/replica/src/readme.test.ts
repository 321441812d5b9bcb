import { filesBeside, withoutLayout } from '@grapevine/std/testing'
import { expect, test } from 'vitest'

const read = filesBeside(import.meta.url)

test.each(['example.test.ts', 'examples/ledger.test.ts'])(
  'an example of the README is the one that is compiled and run: %s',
  (file) => {
    const example = read(file)
      .replace(/^\/\/.*\n/, '')
      .replace(/'\.\.?\/index\.ts'/, "'@grapevine/replica'")
      .replace(/'\.\.?\/buses\/broadcast-channel-bus\.ts'/, "'@grapevine/replica/broadcast-channel'")
    expect(withoutLayout(read('../README.md'))).toContain(withoutLayout(example))
  },
)

test('the README names every option and every error code', () => {
  const readme = read('../README.md')
  const options = [
    ...`${read('config.ts')}\n${read('facts/config.ts')}`.matchAll(/^ {2}readonly (\w+)\?: /gm),
  ].map(([, name]) => `\`${name}\``)
  const codes = [...read('errors.ts').matchAll(/code = '(\w+)'/g)].map(([, code]) => `\`${code}\``)
  expect([...options, ...codes].filter((name) => !readme.includes(name))).toEqual([])
})
