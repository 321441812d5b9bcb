/**
 * Everything that is published, installed by each package manager from a registry on this machine, and loaded by each Node.js that is
 * supported. The registry is a stand-in: `verdaccio`, which others use for this, does not install everywhere.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nodeVersions, type NodeVersion } from '@grapevine/e2e/node-versions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyFolder, packAll, repository, type Folder } from './packed.ts'
import { startRegistry, type Registry } from './registry.ts'

const run = promisify(execFile)
const minutes = 60_000

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
}

const manifests = async (): Promise<readonly Manifest[]> => {
  const folders = await readdir(join(repository, 'packages'))
  const read = async (folder: string): Promise<Manifest> =>
    JSON.parse(await readFile(join(repository, 'packages', folder, 'package.json'), 'utf8'))
  return Promise.all(folders.map(read))
}

/** Those of test runners need the runner. */
const needsRunner = new Set(['./vitest', './jest', './package.json'])

const entryPointsOf = ({ name, exports = {} }: Manifest): readonly string[] =>
  Object.keys(exports)
    .filter((path) => !needsRunner.has(path))
    .map((path) => name + path.slice(1))

const yarn = ['-y', '@yarnpkg/cli-dist@4']
const managers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  npm: [['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error']],
  pnpm: [['npx', '-y', 'pnpm@12', 'add']],
  'yarn berry, node_modules': [
    ['npx', ...yarn, 'config', 'set', 'nodeLinker', 'node-modules'],
    ['npx', ...yarn, 'add'],
  ],
}

/** Beside ours, what a program of TypeScript needs, and what their README files say to install. */
const beside = ['koa', 'yjs', 'typescript', '@types/koa', '@types/node']

let packed: Folder
let registry: Registry
let ours: readonly Manifest[]
let versions: readonly NodeVersion[]

beforeAll(async () => {
  packed = await emptyFolder()
  registry = await startRegistry(await packAll(packed.path))
  ours = (await manifests()).filter(({ exports }) => exports !== undefined)
  const found = await nodeVersions('20.19.0', '22.22.0', '24.12.0')
  if (typeof found === 'string') throw new Error(found)
  versions = found
}, 10 * minutes)
afterAll(async () => {
  await registry?.[Symbol.asyncDispose]()
  await packed?.[Symbol.asyncDispose]()
})

const loading = (load: string): string => `
const specifiers = JSON.parse(process.argv[2])
const main = async () => {
  const failed = []
  for (const specifier of specifiers) {
    try {
      const loaded = ${load}
      if (Object.keys(loaded).length === 0) failed.push(specifier + ' exports nothing')
    } catch (error) {
      failed.push(specifier + ': ' + error.message)
    }
  }
  console.log(JSON.stringify(failed))
  process.exit(0)
}
main()
`

const installed = async (manager: string): Promise<Folder> => {
  const folder = await emptyFolder()
  const { path } = folder
  await writeFile(join(path, 'package.json'), '{ "name": "an-app", "private": true }\n')
  await writeFile(join(path, '.npmrc'), `registry=${registry.url}\n`)
  await writeFile(
    join(path, '.yarnrc.yml'),
    `npmRegistryServer: ${registry.url}\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
  )
  await writeFile(join(path, 'yarn.lock'), '')
  await writeFile(join(path, 'load.mjs'), loading('await import(specifier)'))
  await writeFile(join(path, 'load.cjs'), loading('require(specifier)'))
  const env = {
    ...process.env,
    CI: '1',
    npm_config_registry: registry.url,
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
  }
  const names = [...ours.map(({ name }) => name), ...beside]
  for (const [index, [program = '', ...args]] of (managers[manager] ?? []).entries()) {
    const isLast = index + 1 === managers[manager]?.length
    await run(program, isLast ? [...args, ...names] : args, { cwd: path, env, timeout: 8 * minutes })
  }
  return folder
}

describe.each(Object.keys(managers))('installed with %s', (manager) => {
  let folder: Folder
  beforeAll(async () => {
    folder = await installed(manager)
  }, 10 * minutes)
  afterAll(() => folder?.[Symbol.asyncDispose]())

  test(
    'every entry point can be imported and required by each Node.js',
    async () => {
      const all = ours.flatMap(entryPointsOf)
      expect([all.length > 15, versions.length]).toEqual([true, 4])
      const specifiers = JSON.stringify(all)
      const failed: string[] = []
      for (const { execPath, version } of versions) {
        for (const program of ['load.mjs', 'load.cjs']) {
          const { stdout } = await run(execPath, [program, specifiers], {
            cwd: folder.path,
            timeout: minutes,
          })
          const said: string[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]')
          failed.push(...said.map((line) => `${program} on ${version}: ${line}`))
        }
      }
      expect(failed).toEqual([])
    },
    5 * minutes,
  )

  test.each([
    ['nodenext', ['--module', 'nodenext']],
    ['bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])(
    'their types hold in strict TypeScript, resolved as %s',
    async (_name, options) => {
      const lines = ours
        .flatMap(entryPointsOf)
        .map((specifier, index) => `import * as m${index} from '${specifier}'\nconsole.log(m${index})`)
      await writeFile(join(folder.path, 'all.mts'), lines.join('\n'))
      const strict = [
        '--strict',
        '--noEmit',
        '--target',
        'es2023',
        '--types',
        'node',
        '--exactOptionalPropertyTypes',
      ]
      const tsc = join(folder.path, 'node_modules/typescript/bin/tsc')
      // Declarations are not looked into, ours neither: each entry point must resolve, and have the types that an import needs.
      const args = [tsc, ...strict, '--skipLibCheck', ...options, 'all.mts']
      const { stdout } = await run(process.execPath, args, { cwd: folder.path, timeout: 3 * minutes }).catch(
        (error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? 'the compiler did not run' }),
      )
      expect(stdout).toBe('')
    },
    4 * minutes,
  )
})
