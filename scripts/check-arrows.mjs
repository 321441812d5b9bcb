// The arrows of ARCHITECTURE.md: apps → packages; packages do not know each other, and only membership knows
// libp2p. pnpm links nothing that is not declared, so what the manifests allow is all that the code can import.
import { readdirSync, readFileSync } from 'node:fs'

const manifest = (folder) =>
  JSON.parse(readFileSync(new URL(`../${folder}/package.json`, import.meta.url), 'utf8'))
const isLibp2p = (name) => /^libp2p$|^@libp2p\/|^@chainsafe\/libp2p/.test(name)
const problems = []

const folders = readdirSync(new URL('../packages', import.meta.url))
for (const folder of folders) {
  const { dependencies = {}, devDependencies = {} } = manifest(`packages/${folder}`)
  for (const name of Object.keys(dependencies)) {
    if (name.startsWith('@grapevine/')) problems.push(`packages/${folder} depends on ${name}`)
    if (isLibp2p(name) && folder !== 'membership') problems.push(`packages/${folder} depends on ${name}`)
  }
  for (const name of Object.keys(devDependencies)) {
    const isOther = name.startsWith('@grapevine/') && name !== '@grapevine/local-cluster'
    if (isOther) problems.push(`packages/${folder} uses ${name} in its tests`)
  }
}

if (problems.length > 0) {
  console.error(`Arrows that must not be:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  process.exit(1)
}
console.log(`arrows: ${folders.length} packages know none of each other`)
