// The arrows of ARCHITECTURE.md, downwards alone: apps → what plugs the cores together → the cores → std. The cores do not
// know each other, and only membership knows libp2p. pnpm links nothing that is not declared, so what the manifests allow is
// all that the code can import. Tests may import siblings.
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Each may depend on those of the rows above its own. A package that is in no row is refused. */
const rows = [
  ['std'],
  ['facts'],
  ['membership', 'replica', 'user-cache', 'auth-middleware', 'simulation', 'history', 'local-cluster'],
  ['koa', 'session-store', 'dashboard', 'cli'],
  ['create-grapevine'],
]
/** Exceptions within a row: the tools for tests build on each other, and the one call brings the dashboard along. */
const siblings = { koa: ['dashboard'], 'local-cluster': ['simulation', 'history'], history: ['simulation'] }

const scope = '@grapevine/'
const rowOf = (name) => rows.findIndex((row) => row.includes(name))
const isLibp2p = (name) => /^libp2p$|^@libp2p\/|^@chainsafe\/libp2p/.test(name)
const manifest = (folder) =>
  JSON.parse(readFileSync(new URL(`../packages/${folder}/package.json`, import.meta.url), 'utf8'))

const mayKnow = (folder, other) => rowOf(other) < rowOf(folder) || (siblings[folder] ?? []).includes(other)

const problemsOf = (folder) => {
  if (rowOf(folder) === -1) return [`packages/${folder} is in no row of scripts/check-arrows.mjs`]
  const { dependencies = {}, peerDependencies = {} } = manifest(folder)
  const names = Object.keys({ ...dependencies, ...peerDependencies })
  const others = names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length))
  return [
    ...others.filter((other) => !(rowOf(other) >= 0 && mayKnow(folder, other))),
    ...names.filter((name) => isLibp2p(name) && folder !== 'membership'),
  ].map((name) => `packages/${folder} depends on ${name}`)
}

const folders = readdirSync(new URL('../packages', import.meta.url)).filter((folder) =>
  existsSync(new URL(`../packages/${folder}/package.json`, import.meta.url)),
)
const problems = folders.flatMap(problemsOf)
if (problems.length > 0) {
  console.error(`Arrows that must not be:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  process.exit(1)
}
console.log(`arrows: ${folders.length} packages know only what is below them`)
