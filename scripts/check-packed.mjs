// What would be published, looked at as its users get it: publint (the manifest), attw (the types), and whether source maps and
// links of the README lead to files that are in the package. Run by `pnpm packed`, which packs first.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: check-packed.mjs <folder of .tgz files>')

/** CommonJS gets an ES module by `require`, which Node.js 20.19 and later can do; older resolution is not supported. */
const allowedProblems = new Set(['CJSResolvesToESM', 'NoResolution:node10'])

const kindsOf = ({ kind, resolutionKind }) => [kind, `${kind}:${resolutionKind}`]

const typesOf = async (contents) => {
  const { problems = [] } = await checkPackage(contents)
  return problems
    .filter((problem) => !kindsOf(problem).some((name) => allowedProblems.has(name)))
    .map((problem) => `types: ${kindsOf(problem)[1]} ${problem.entrypoint ?? problem.fileName ?? ''}`)
}

const manifestOf = async (data, manifest) => {
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
  const { messages } = await publint({ pack: { tarball }, strict: true })
  return messages.map((message) => `manifest: ${formatMessage(message, manifest)}`)
}

/** The compiler leaves what it made of a file that is gone. */
const mapsOf = (files, read) => {
  const stale = files.filter(
    (path) =>
      path.endsWith('.map') &&
      JSON.parse(read(path)).sources.some(
        (source) => !files.includes(posix.join(posix.dirname(path), source)),
      ),
  )
  if (stale.length === 0) return []
  return [
    `${stale.length} source maps lead to no file of the package, such as ${stale[0]}; pnpm clean, and build again`,
  ]
}

const linksOf = (files, read) => {
  if (!files.includes('README.md')) return ['README.md is missing']
  const links = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) =>
    posix.normalize(path),
  )
  return links
    .filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)))
    .map((path) => `README.md: ${path} is no file of the package`)
}

const problemsOf = async (tarball) => {
  const data = new Uint8Array(readFileSync(tarball))
  const contents = createPackageFromTarballData(data)
  const base = `/node_modules/${contents.packageName}/`
  const files = contents.listFiles().map((path) => path.slice(base.length))
  const read = (path) => contents.readFile(`${base}${path}`)
  const found = [
    ...(await manifestOf(data, JSON.parse(read('package.json')))),
    ...(await typesOf(contents)),
    ...mapsOf(files, read),
    ...linksOf(files, read),
  ]
  return found.map((problem) => `${contents.packageName}: ${problem}`)
}

const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
const problems = []
for (const name of tarballs) problems.push(...(await problemsOf(join(folder, name))))
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`packed: ${tarballs.length} packages are as their users need them`)
