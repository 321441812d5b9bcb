// Fails on a circle of imports, on an upward arrow, on a thirteenth file in a folder. Part of `pnpm lint`.
import { fileURLToPath } from 'node:url'
import { ambientUses } from './ambient.mjs'
import { readPackages } from './modules.mjs'
import { rules } from './rules.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const packages = readPackages(root)
const problems = [
  ...packages.flatMap((one) => rules.flatMap((rule) => rule(one))),
  ...ambientUses(root, packages),
]
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
const modules = packages.reduce((sum, one) => sum + one.modules.length, 0)
console.log(`arrows: ${packages.length} packages, ${modules} modules, no circle, none upwards`)
