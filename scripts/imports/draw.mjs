// pnpm arrows [root [prefix]]: draws what imports what, of this tree or another, into docs/arrows-packages.svg and -folders.svg.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { drawFolders, drawPackages } from './drawing.mjs'
import { readPackages } from './modules.mjs'
import { unitArrows } from './rules.mjs'

const here = fileURLToPath(new URL('../../', import.meta.url))
const [root = here, prefix = join(here, 'docs/arrows')] = process.argv.slice(2)

const packages = readPackages(root)
writeFileSync(`${prefix}-packages.svg`, await drawPackages(packages))
writeFileSync(`${prefix}-folders.svg`, await drawFolders(packages))
const count = (of) => packages.reduce((sum, one) => sum + of(one), 0)
const units = count((one) => unitArrows(one).size)
const arrows = count((one) => [...unitArrows(one).values()].reduce((sum, to) => sum + to.length, 0))
console.log(
  `${packages.length} packages, ${units} folders and files directly in src, ${arrows} arrows between them`,
)
