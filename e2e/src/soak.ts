/**
 * Plays the fault matrix with many seeds, one after the other, and says at the end which ones failed.
 *
 * `node e2e/dist/soak.js [project]`: all tests of that vitest project. `SEEDS` is how many (30), `FIRST_SEED` the first
 * (1), `ROWS` which rows. The nemesis plays for a minute and the load for two each time; `NEMESIS_SECONDS=1800 SEEDS=1
 * ROWS=F16` is the half hour of row F16, `USERS_PER_SIDE=10000 SEEDS=1 ROWS=F10,F17` the crowds at full size.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const project = process.argv[2] ?? 'e2e'
const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)
const first = number('FIRST_SEED', 1)
const seeds = Array.from({ length: number('SEEDS', 30) }, (_, index) => first + index)

const failed: number[] = []
for (const seed of seeds) {
  process.stdout.write(`--- seed ${seed} (${seeds.indexOf(seed) + 1} of ${seeds.length})\n`)
  const child = spawn('npx', ['vitest', 'run', '--project', project, 'e2e/src/f'], {
    stdio: 'inherit',
    env: { NEMESIS_SECONDS: '60', LOAD_SECONDS: '120', ...process.env, SEED: String(seed) },
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) failed.push(seed)
}
const passed = seeds.length - failed.length
process.stdout.write(
  `${passed} of ${seeds.length} seeds passed${failed.length > 0 ? `; failed: ${failed.join(', ')}` : ''}\n`,
)
process.exitCode = failed.length === 0 ? 0 : 1
