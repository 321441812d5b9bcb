import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'local-cluster-jest-'))
const { resolve } = createRequire(import.meta.url)

/** What stands in `packages/` is packed, as it would be published, and unpacked. */
const installPacked = async (name: string): Promise<void> => {
  const place = join(folder, 'node_modules/@grapevine', name)
  mkdirSync(place, { recursive: true })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', place], {
    cwd: join(root, '..', name),
    timeout: 60_000,
  })
  const [archive = ''] = readdirSync(place)
  await run('tar', ['-xzf', join(place, archive), '--strip-components=1', '-C', place], { timeout: 60_000 })
}

/** What comes from elsewhere is that of this repository. */
const link = (name: string): void => {
  const place = join(folder, 'node_modules', name)
  const [, path] = new RegExp(`^(.*/node_modules/${name})/`).exec(resolve(name)) ?? []
  symlinkSync(path ?? dirname(resolve(`${name}/package.json`)), place)
}

beforeAll(async () => {
  await Promise.all(['std', 'simulation', 'history', 'local-cluster'].map(installPacked))
  for (const name of ['jest', 'node-html-parser', 'tough-cookie']) link(name)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'somebodys-app', private: true }))
  cpSync(join(root, 'fixtures/jest'), folder, { recursive: true })
  cpSync(join(root, 'examples/notes.mjs'), join(folder, 'notes.mjs'))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Jest writes its results to stderr. */
const jest = async (file: string, nodeOptions: readonly string[] = []): Promise<string> => {
  const bin = join(folder, 'node_modules/jest/bin/jest.js')
  const args = [...nodeOptions, bin, '--testMatch', `**/${file}`, '--ci', '--no-cache']
  const env = { PATH: process.env['PATH'], HOME: folder }
  return await run(process.execPath, args, { cwd: folder, env, timeout: 90_000 }).then(
    ({ stderr }) => stderr,
    (error: { message: string; stderr?: string }) => `${error.message}\n${error.stderr}`,
  )
}

test('the packed kit works under Jest in an empty folder, by require', { timeout: 120_000 }, async () => {
  expect(await jest('commonjs.test.js')).toContain('Tests:       3 passed, 3 total')
})

test(
  'the packed kit works under Jest in an empty folder, as an ES module',
  { timeout: 120_000 },
  async () => {
    const said = await jest('module.test.mjs', ['--experimental-vm-modules'])
    expect(said).toContain('Tests:       2 passed, 2 total')
  },
)
