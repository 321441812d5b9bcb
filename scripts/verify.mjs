// pnpm verify: everything that can be tried on one machine, hours if need be, and what came of it in docs/verified.md. A step that fails
// does not end the run; it is in the table, and the exit code says so. `pnpm verify test packed` runs these steps alone.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** `most`: minutes after which a step is ended, and has failed. */
const steps = [
  { name: 'test', words: 'build, types, lint, unit tests, stories', most: 60, command: 'pnpm test' },
  {
    name: 'app',
    words: 'the app on processes: pages, splits, proxies, names, orchestrators',
    most: 60,
    command: 'pnpm e2e:app',
  },
  { name: 'packed', words: 'what would be published', most: 15, command: 'pnpm packed' },
  { name: 'unused', words: 'what nobody uses', most: 5, command: 'pnpm unused' },
  {
    name: 'liars',
    words: '10,200 runs of three honest members and one that lies, over the real code',
    most: 120,
    command: 'SEEDS=170 vitest run --project unit packages/replica/src/facts/liar',
  },
  {
    name: 'seeds',
    words:
      'ten times as many seeds of the simulated cluster, and five hundred of liars and wrong clocks in it',
    most: 60,
    command:
      'SEEDS=10 vitest run --project unit packages/membership/src/core --exclude "**/troubled.test.ts" && SEEDS=100 vitest run --project unit packages/membership/src/core/troubled.test.ts',
  },
  {
    name: 'users',
    words: 'histories of users and sign-ups, thirty times as many',
    most: 90,
    command:
      'SEEDS=30 vitest run --project unit packages/user-cache/src/histories packages/user-cache/src/sign-up packages/user-cache/src/split',
  },
  {
    name: 'facts',
    words: 'histories of sets of facts with crashes and full disks, and of the log, ten times as many',
    most: 60,
    command:
      'SEEDS=10 vitest run --project unit packages/replica/src/facts/histories packages/replica/src/facts/persistence packages/replica/src/storage/file/crashes',
  },
  {
    name: 'fuzz',
    words: 'an hour of good and nearly good frames to one member',
    most: 75,
    command: 'FUZZ_SECONDS=3600 vitest run --project unit packages/replica/src/facts/fuzz',
  },
  {
    name: 'install',
    words:
      'what would be published, installed from a registry of its own: examples, README of koa, npm create grapevine, PM2, each package manager with each Node.js',
    most: 45,
    command: 'pnpm build && vitest run --project install',
  },
  {
    name: 'matrix',
    words: 'the fault matrix',
    most: 60,
    command: 'vitest run --project e2e-matrix',
  },
  {
    name: 'soak',
    words: 'thirty seeds of the nemesis, and the long rows',
    most: 480,
    command: 'pnpm e2e:soak',
  },
  { name: 'bench', words: 'all measurements', most: 120, command: 'pnpm bench' },
]

/** Lines worth keeping: those with which vitest's runs and our own checks end. */
const figures = /^(unit|stories|install|e2e|e2e-matrix): .*(passed|failed)|^(arrows|packed|soak): /

const run = async ({ name, words, most, command }) => {
  const began = performance.now()
  // A group of its own, so that whatever it started ends with it.
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const said = []
  const end = () => {
    said.push(`ended after ${most} minutes`)
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  const patience = setTimeout(end, most * 60_000)
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text)
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    said.push(...lines.filter((line) => figures.test(line)))
  })
  await once(child, 'close')
  clearTimeout(patience)
  const minutes = (performance.now() - began) / 60_000
  return { name, words, isGood: child.exitCode === 0, minutes, said: said.slice(-8) }
}

const git = (...words) => execFileSync('git', words, { encoding: 'utf8' }).trim()

const file = new URL('../docs/verified.md', import.meta.url)

const head = `# What was verified, and when

Written by \`pnpm verify\`, which is the place to change it: each run adds a section, the newest first. A run of all steps takes
about twelve hours, \`pnpm verify liars users facts fuzz matrix\` about five.
`

const section = (commit, results) => `
## ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, \`${commit}\`

Node.js ${process.version}, ${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${loadavg()[0]?.toFixed(1)} processes ready to run at the end.

| step | what it is | outcome | minutes | figures |
|---|---|---|---|---|
${results.map(({ name, words, isGood, minutes, said }) => `| \`${name}\` | ${words} | ${isGood ? 'passed' : '**failed**'} | ${minutes.toFixed(1)} | ${said.join('; ')} |`).join('\n')}
`

/** The sections of the runs before. */
const earlier = () => {
  const text = readFileSync(file, 'utf8')
  const first = text.indexOf('\n## ')
  return first < 0 ? '' : text.slice(first)
}

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
writeFileSync(file, head + section(commit, results) + earlier())
console.log(
  `verify: ${results.map(({ name, isGood }) => `${name} ${isGood ? 'passed' : 'failed'}`).join(', ')}`,
)
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1
