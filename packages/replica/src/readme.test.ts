import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

/** Without layout, which the formatter decides. */
const words = (code: string): string => code.replaceAll(/\s+|,(?=\s*[)}])/g, '')

test.each(['example.test.ts', 'examples/ledger.test.ts'])(
  'an example of the README is the one that is compiled and run: %s',
  (file) => {
    const example = read(file)
      .replace(/^\/\/.*\n/, '')
      .replace(/'\.\.?\/index\.ts'/, "'@grapevine/replica'")
      .replace(/'\.\.?\/buses\/broadcast-channel-bus\.ts'/, "'@grapevine/replica/broadcast-channel'")
    expect(words(read('../README.md'))).toContain(words(example))
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
