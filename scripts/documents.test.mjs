import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path) => readFileSync(join(root, path), 'utf8')

test('the README shows the very program that packages/koa shows, which the tests install and run', () => {
  const programOf = (path) => /^```js\n([^]*?)^```$/m.exec(read(path))?.[1]
  expect(programOf('README.md')).toBeDefined()
  expect(programOf('README.md')).toBe(programOf('packages/koa/README.md'))
})

test('every setting is in the one table of settings', () => {
  const folder = join(root, 'packages/koa/src/settings')
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const variables = new Set(
    sources.flatMap((name) =>
      [...read(`packages/koa/src/settings/${name}`).matchAll(/'([A-Z]+(?:_[A-Z]+)+|PORT|HOST)'/g)].map(
        ([, found]) => found,
      ),
    ),
  )
  const table = read('packages/koa/README.md').split('\n## Settings\n')[1]?.split('\n## ')[0] ?? ''
  expect(variables.size).toBeGreaterThan(15)
  expect([...variables].filter((variable) => !table.includes(`\`${variable}\``))).toEqual([])
})

/** As GitHub names the headings of a page. */
const anchorsOf = (text) =>
  new Set(
    [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.includes('/template/') && existsSync(join(root, path)))

test.each(pages)('%s links to files, and to headings, that are there', (page) => {
  const text = read(page).replaceAll(/^```[^]*?^```$/gm, '')
  const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link]) => link)
  const broken = links.filter((link) => {
    const [path, anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return true
    if (anchor === undefined) return false
    const file = target.endsWith('.md') ? target : join(target, 'README.md')
    return !existsSync(join(root, file)) || !anchorsOf(read(file)).has(anchor)
  })
  expect(broken).toEqual([])
})
