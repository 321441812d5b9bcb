// What the manifests of all published packages have in common, from package.json of the root, and what their tsconfig.json refer
// to, from what they depend on. `--check` changes nothing and
// fails if one of them differs; without it they are put in order.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'

const root = new URL('../', import.meta.url)
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
const { repository, engines, license } = read('package.json')
const site = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

/** Source maps and declaration maps point into src, so it is published with them; what only tests need is not. */
const leftOut = ['!**/*.test.*', '!**/testing/**', '!**/bench/**', '!dist/.tsbuildinfo']

const filesOf = ({ files = [], exports = {} }) => {
  const own = files.filter((file) => !file.startsWith('!') && !['dist', 'src', 'CHANGELOG.md'].includes(file))
  const rest = files.filter((file) => file.startsWith('!dist/') || file.startsWith('!src/'))
  const special = rest.filter(
    (file) => !/\/(\*\*\/\*\.test\.\*|testing(\/\*\*)?|bench(\/\*\*)?|\.tsbuildinfo)$/.test(file),
  )
  const kept = './testing' in exports ? leftOut.filter((file) => !file.includes('testing')) : leftOut
  return ['dist', 'src', 'CHANGELOG.md', ...own, ...kept, ...special]
}

const inOrder = (folder, manifest) => ({
  ...manifest,
  homepage: `${site}/tree/main/${folder}#readme`,
  bugs: `${site}/issues`,
  license,
  repository: { ...repository, directory: folder },
  files: filesOf(manifest),
  ...(manifest.dependencies === undefined ? {} : { dependencies: withCarets(manifest.dependencies) }),
  engines,
  publishConfig: { access: 'public', provenance: true },
})

const problemsOf = (folder, manifest) => [
  ...(manifest.keywords?.length >= 3 ? [] : ['fewer than 3 keywords']),
  ...(manifest.description?.length > 20 ? [] : ['no description']),
  ...(existsSync(new URL(`${folder}/README.md`, root)) ? [] : ['no README.md']),
  ...Object.keys(manifest.dependencies ?? {})
    .filter((name) => ['yjs', 'koa'].includes(name))
    .map((name) => `${name} is a dependency; allowed: a peer dependency, since two copies break it`),
]

/** Of two packages that are installed apart the newest `std` serves both. */
const withCarets = (dependencies) =>
  Object.fromEntries(
    Object.entries(dependencies).map(([name, range]) => [
      name,
      range.replace(/^workspace:\*$/, 'workspace:^'),
    ]),
  )

/** What a compiler must have built before, tests included. A reference that is missing is noticed only where nothing is built yet. */
const referencesOf = (folder, { dependencies = {}, devDependencies = {} }) => {
  const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => folders.has(name))
  return names
    .toSorted((a, b) => a.localeCompare(b))
    .map((name) => ({ path: posix.relative(folder, folders.get(name)) }))
}

const within = (folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`)
const all = [...within('packages'), ...within('apps'), 'e2e', 'bench', 'simulate'].filter((folder) =>
  existsSync(new URL(`${folder}/package.json`, root)),
)
const folders = new Map(all.map((folder) => [read(`${folder}/package.json`).name, folder]))

const isCheck = process.argv.includes('--check')

/** @returns the keys whose values are not as wanted; without `--check` they are made so */
const putInOrder = (path, seen, wanted) => {
  if (!isCheck) writeFileSync(new URL(path, root), `${JSON.stringify(wanted, null, 2)}\n`)
  const keys = isCheck ? Object.keys(wanted) : []
  return keys
    .filter((key) => JSON.stringify(wanted[key]) !== JSON.stringify(seen[key]))
    .map((key) => `${path}: ${key} is not in order; run pnpm manifests`)
}

const problems = all.flatMap((folder) => {
  const manifest = read(`${folder}/package.json`)
  const config = read(`${folder}/tsconfig.json`)
  const references = referencesOf(folder, manifest)
  const wanted = references.length > 0 ? { ...config, references } : config
  const found = putInOrder(`${folder}/tsconfig.json`, config, wanted)
  if (manifest.private === true) return found
  return [
    ...found,
    ...putInOrder(`${folder}/package.json`, manifest, inOrder(folder, manifest)),
    ...problemsOf(folder, manifest).map((problem) => `${folder}: ${problem}`),
  ]
})
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
