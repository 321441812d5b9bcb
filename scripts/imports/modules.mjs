// The modules of all packages and what each imports, types included.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

/**
 * @typedef {{ name: string, folder: string, modules: Module[] }} Package
 * @typedef {{ path: string, kind: 'source' | 'test', imports: string[], packages: string[] }} Module
 *   `path` and `imports` are relative to src; `packages` are the names that it imports from elsewhere.
 */

const isTest = (path) =>
  /\.test\.ts$|\.test\.support\.ts$|(^|\/)(testing|bench|examples?)\//.test(path) ||
  /^example\.ts$/.test(path)

const importPattern =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm

/** Comments hold examples, which are no imports. */
const withoutComments = (code) => code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

const specifiersOf = (code) =>
  [...withoutComments(code).matchAll(importPattern)].map((found) => found[1] ?? found[2] ?? found[3] ?? '')

const packageNameOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** @returns {Module} */
const readModule = (src, path) => {
  const specifiers = specifiersOf(readFileSync(join(src, path), 'utf8'))
  const isOwn = (specifier) => specifier.startsWith('.')
  const imports = specifiers.filter(isOwn).map((one) => posix.join(posix.dirname(path), one))
  return {
    path,
    kind: isTest(path) ? 'test' : 'source',
    imports: [...new Set(imports)].filter((one) => !one.startsWith('..')),
    packages: [...new Set(specifiers.filter((one) => !isOwn(one)).map(packageNameOf))],
  }
}

/** @returns {Package} */
const readPackage = (root, folder) => {
  const src = join(root, folder, 'src')
  const paths = readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(src, join(entry.parentPath ?? entry.path, entry.name)))
    .toSorted()
  return { name: folder.split('/').at(-1), folder, modules: paths.map((path) => readModule(src, path)) }
}

/** All packages below the root of a repository that have a src. @returns {Package[]} */
export const readPackages = (root) => {
  const within = (folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : []
  return [...within('packages'), ...within('apps'), 'e2e', 'bench', 'simulate']
    .filter(
      (folder) => existsSync(join(root, folder, 'src')) && existsSync(join(root, folder, 'package.json')),
    )
    .map((folder) => readPackage(root, folder))
}

/** The sibling's name, if the imported package is one of this repository. */
export const siblingOf = (name) =>
  name.startsWith('@grapevine/') ? name.slice('@grapevine/'.length) : undefined

export const folderOf = (path) => dirname(path)
