import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run, type Io } from './run.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'create-grapevine-'))
})
afterEach(() => rm(cwd, { recursive: true }))

const create = async (argv: readonly string[], ask?: Io['ask']) => {
  const said: string[] = []
  const code = await run(argv, {
    cwd,
    say: (text) => said.push(text),
    complain: (text) => said.push(text),
    secret: () => 'a-secret-of-the-test',
    ask,
  })
  return { code, said: said.join('') }
}

test('an app of one’s own is in the folder, with its name, its version and a secret that is not in git', async () => {
  const { code, said } = await create(['shop', '--name', 'my-shop'])
  expect(code).toBe(0)
  expect(said).toContain('cd shop')
  const read = (file: string) => readFile(join(cwd, 'shop', file), 'utf8')
  expect(await readdir(join(cwd, 'shop'))).toEqual(
    [
      '.dockerignore',
      '.env',
      '.gitignore',
      'Dockerfile',
      'README.md',
      'app.mjs',
      'compose.yaml',
      'dev.mjs',
    ].concat(['package.json', 'partition.test.mjs']),
  )
  expect(await read('app.mjs')).toContain("name: 'my-shop'")
  const { version }: { version: string } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  )
  expect(JSON.parse(await read('package.json'))).toMatchObject({
    name: 'my-shop',
    dependencies: { '@grapevine/koa': `^${version}` },
  })
  expect(await read('.env')).toContain('CLUSTER_SECRET=a-secret-of-the-test\n')
  expect((await stat(join(cwd, 'shop', '.env'))).mode & 0o777).toBe(0o600)
  expect((await read('.gitignore')).split('\n')).toContain('.env')
  for (const file of await readdir(join(cwd, 'shop'))) expect(await read(file)).not.toContain('{{')
})

test('what is not said is asked for, where somebody can answer; with --yes it is not', async () => {
  const asked: string[] = []
  const ask = async (question: string): Promise<string> => {
    asked.push(question)
    return 'here'
  }
  expect((await create([], ask)).code).toBe(0)
  expect(asked).toEqual(['Folder (grapevine-app): '])
  expect((await create(['--yes'], ask)).code).toBe(0)
  expect((await readdir(cwd)).toSorted()).toEqual(['grapevine-app', 'here'])
})

test('a folder that has something in it, a name that is none and an unknown flag are refused, and nothing is written', async () => {
  await writeFile(join(cwd, 'mine.txt'), 'mine')
  expect(await create(['.', '--name', 'shop'])).toMatchObject({
    code: 2,
    said: expect.stringContaining('is not empty'),
  })
  expect(await create(['Shop!'])).toMatchObject({
    code: 2,
    said: expect.stringContaining('"Shop!" is no name'),
  })
  expect(await create(['shop', '--typescript'])).toMatchObject({
    code: 2,
    said: expect.stringContaining('--name'),
  })
  expect(await create(['a', 'b'])).toMatchObject({ code: 2 })
  expect(await readdir(cwd)).toEqual(['mine.txt'])
})
