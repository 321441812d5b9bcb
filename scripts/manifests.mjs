// What the manifests of all published packages have in common, from package.json of the root. `--check` changes nothing and
// fails if one of them differs; without it they are put in order.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'))
const { repository, engines, license } = read('package.json')
const site = repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

/** Source maps and declaration maps point into src, so it is published with them; what only tests need is not. */
const leftOut = ['!**/*.test.*', '!**/testing/**', '!**/bench/**', '!dist/.tsbuildinfo']

const filesOf = ({ files = [], exports = {} }) => {
  const own = files.filter((file) => !file.startsWith('!') && file !== 'dist' && file !== 'src')
  const rest = files.filter((file) => file.startsWith('!dist/') || file.startsWith('!src/'))
  const special = rest.filter(
    (file) => !/\/(\*\*\/\*\.test\.\*|testing(\/\*\*)?|bench(\/\*\*)?|\.tsbuildinfo)$/.test(file),
  )
  const kept = './testing' in exports ? leftOut.filter((file) => !file.includes('testing')) : leftOut
  return ['dist', 'src', ...own, ...kept, ...special]
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

const isCheck = process.argv.includes('--check')
const problems = []
for (const name of readdirSync(new URL('packages', root))) {
  const folder = `packages/${name}`
  if (!existsSync(new URL(`${folder}/package.json`, root))) continue
  const manifest = read(`${folder}/package.json`)
  if (manifest.private === true) continue
  const wanted = inOrder(folder, manifest)
  if (!isCheck) writeFileSync(new URL(`${folder}/package.json`, root), `${JSON.stringify(wanted, null, 2)}\n`)
  const differing = Object.keys(wanted).filter(
    (key) => isCheck && JSON.stringify(wanted[key]) !== JSON.stringify(manifest[key]),
  )
  problems.push(
    ...differing.map((key) => `${folder}: ${key} is not in order; run pnpm manifests`),
    ...problemsOf(folder, manifest).map((problem) => `${folder}: ${problem}`),
  )
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
