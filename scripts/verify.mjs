// pnpm verify: everything that can be tried on one machine, hours if need be, and what came of it in docs/verified.md. A step that fails
// does not end the run; it is in the table, and the exit code says so. `pnpm verify test packed` runs these steps alone.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

const steps = [
  { name: 'test', words: 'build, types, lint, unit tests, stories', command: 'pnpm test' },
  { name: 'packed', words: 'what would be published', command: 'pnpm packed' },
  { name: 'unused', words: 'what nobody uses', command: 'pnpm unused' },
  { name: 'matrix', words: 'the fault matrix', command: 'vitest run --project e2e-matrix' },
  { name: 'soak', words: 'thirty seeds of the nemesis, and the long rows', command: 'pnpm e2e:soak' },
  { name: 'bench', words: 'all measurements', command: 'pnpm bench' },
]

/** Lines worth keeping: those with which vitest's runs and our own checks end. */
const figures = /^(unit|e2e|e2e-matrix): .*(passed|failed)|^(arrows|packed|soak): /

const run = async ({ name, words, command }) => {
  const began = performance.now()
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text)
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    said.push(...lines.filter((line) => figures.test(line)))
  })
  await once(child, 'close')
  const minutes = (performance.now() - began) / 60_000
  return { name, words, isGood: child.exitCode === 0, minutes, said: said.slice(-8) }
}

const git = (...words) => execFileSync('git', words, { encoding: 'utf8' }).trim()

const page = (commit, results) => `# What was verified, and when

Written by \`pnpm verify\`, which is the place to change it.

| | |
|---|---|
| commit | \`${commit}\` |
| when | ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC |
| where | Node.js ${process.version}, ${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB |

| step | what it is | outcome | minutes | figures |
|---|---|---|---|---|
${results.map(({ name, words, isGood, minutes, said }) => `| \`${name}\` | ${words} | ${isGood ? 'passed' : '**failed**'} | ${minutes.toFixed(1)} | ${said.join('; ')} |`).join('\n')}
`

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !steps.some((step) => step.name === name))
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: no such step; allowed: ${steps.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const commit = `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`
const results = []
for (const step of steps.filter(({ name }) => asked.length === 0 || asked.includes(name)))
  results.push(await run(step))
writeFileSync(new URL('../docs/verified.md', import.meta.url), page(commit, results))
console.log(
  `verify: ${results.map(({ name, isGood }) => `${name} ${isGood ? 'passed' : 'failed'}`).join(', ')}`,
)
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1
