import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { drawFolders, drawPackages } from './drawing.mjs'
import { readPackages } from './modules.mjs'
import { rules } from './rules.mjs'

const folders = []

/** The packages of these files, given by their paths. */
const packagesOf = (files) => {
  const root = mkdtempSync(join(tmpdir(), 'arrows-'))
  folders.push(root)
  for (const [path, code] of Object.entries(files)) {
    const [, name] = path.split('/')
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), code)
    writeFileSync(join(root, `packages/${name}/package.json`), '{}')
  }
  return readPackages(root)
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const problemsOf = (files) => packagesOf(files).flatMap((one) => rules.flatMap((rule) => rule(one)))

test('arrows that point down are none of our business', () => {
  const problems = problemsOf({
    'packages/koa/src/index.ts': "export { openReplica } from './open/replica.ts'",
    'packages/koa/src/open/replica.ts':
      "import { replicate } from '@grapevine/replica'\nimport type * as Y from 'yjs'",
    'packages/replica/src/index.ts': "import { reasonOf } from '@grapevine/std'",
    'packages/std/src/index.ts': '',
  })
  expect(problems).toEqual([])
})

test('a circle of files is refused, also one of types, and its way is told', () => {
  const problems = problemsOf({
    'packages/std/src/index.ts': "export * from './a/one.ts'",
    'packages/std/src/a/one.ts': "import type { Two } from '../b/two.ts'",
    'packages/std/src/b/two.ts': "export {\n  three,\n} from './three.ts'",
    'packages/std/src/b/three.ts': "export const load = () => import('../a/one.ts')",
  })
  expect(problems).toEqual([expect.stringContaining('a/one.ts → b/two.ts → b/three.ts → a/one.ts')])
})

test('an arrow up, or beside, is refused by the file that draws it', () => {
  expect(problemsOf({ 'packages/std/src/index.ts': "import '@grapevine/koa'" })).toEqual([
    'packages/std/src/index.ts imports @grapevine/koa',
  ])
  expect(
    problemsOf({ 'packages/replica/src/a.ts': "import { x } from '@grapevine/user-cache/postgres'" }),
  ).toEqual(['packages/replica/src/a.ts imports @grapevine/user-cache'])
})

test('only membership may know libp2p', () => {
  const knows = { 'packages/membership/src/a.ts': "import { noise } from '@chainsafe/libp2p-noise'" }
  expect(problemsOf(knows)).toEqual([])
  expect(problemsOf({ 'packages/koa/src/a.ts': "import type { Libp2p } from 'libp2p'" })).toHaveLength(1)
})

test('tests and what only they need may import siblings', () => {
  const imports = "import { replicate } from '@grapevine/replica'"
  const tests = {
    'packages/user-cache/src/a.test.ts': imports,
    'packages/user-cache/src/testing/kit.ts': imports,
  }
  expect(problemsOf(tests)).toEqual([])
})

test('what stands in a comment is no import', () => {
  const code = "/**\n * import { x } from '@grapevine/koa'\n */\n// import '@grapevine/koa'\n"
  expect(problemsOf({ 'packages/std/src/index.ts': code })).toEqual([])
})

test('a thirteenth file in a folder is refused; tests do not count', () => {
  const folder = (count) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`packages/std/src/a/f${n}.ts`, '']))
  expect(problemsOf({ ...folder(12), 'packages/std/src/a/f1.test.ts': '' })).toEqual([])
  expect(problemsOf(folder(13))).toEqual(['packages/std/src/a: 13 files; allowed: 12, tests not counted'])
})

test('a package that nobody has put in a layer is refused', () => {
  expect(problemsOf({ 'packages/new/src/index.ts': '' })).toEqual([
    'packages/new is in no layer of scripts/imports/layers.mjs',
  ])
})

test('the drawings show each package, each folder and the arrows between them', async () => {
  const packages = packagesOf({
    'packages/koa/src/index.ts':
      "export { open } from './opening/open.ts'\nexport { x } from '@grapevine/std'",
    'packages/koa/src/opening/open.ts': "import { y } from '../errors.ts'",
    'packages/koa/src/errors.ts': '',
    'packages/std/src/index.ts': '',
  })
  expect(await drawPackages(packages)).toContain('koa&#45;&gt;std')
  const drawing = await drawFolders(packages)
  for (const shown of ['opening/', 'errors', 'index', 'in one call', 'shared'])
    expect(drawing).toContain(shown)
})
