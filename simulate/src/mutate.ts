// `pnpm simulate:mutations`: puts defects back into the sources, one at a time, builds, and says in how many seeds each is found.
// The sources are as they were afterwards, also when it is interrupted.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { mutations, type Mutation } from './mutations/mutations.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { values } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, only: { type: 'string' } },
})
const { seeds = '20', from = '1', only = '' } = values

const build = (): boolean =>
  spawnSync('npx', ['tsc', '-b', 'simulate'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    .status === 0

/** Puts the edits in; @returns how to take them out */
const edited = ({ edits }: Mutation): (() => void) => {
  const before = edits.map(({ file }) => [file, readFileSync(`${root}${file}`, 'utf8')] as const)
  for (const { file, find, replace } of edits) {
    const text = readFileSync(`${root}${file}`, 'utf8')
    if (!text.includes(find)) throw new Error(`${file} does not hold what is to be changed`)
    writeFileSync(
      `${root}${file}`,
      text.replace(find, () => replace),
    )
  }
  return () => {
    for (const [file, text] of before) writeFileSync(`${root}${file}`, text)
  }
}

const found = (): string => {
  const args = ['simulate/dist/main.js', '--seeds', seeds, '--from', from]
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  const kinds = [...stdout.matchAll(/^seed \d+: ([a-z-]+):/gm)].map(([, kind = '']) => kind)
  const lines = stdout.trim().split('\n')
  return `${lines.at(-1)} (${[...new Set(kinds)].join(', ')})`
}

process.on('SIGINT', () => undefined)
for (const mutation of mutations.filter(({ name }) => name.includes(only))) {
  const restore = edited(mutation)
  try {
    console.log(`${mutation.name}: ${build() ? found() : 'it does not build'}`)
  } finally {
    restore()
  }
}
build()
