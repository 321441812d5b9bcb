/**
 * Plays the fault matrix with many seeds, one after the other, then its two long rows once, and says at the end what failed.
 *
 * `node e2e/dist/soak.js`: `SEEDS` is how many (30), `FIRST_SEED` the first (1), `ROWS` which rows. The nemesis plays for a
 * minute and the load for two with each seed; then the long nemesis takes half an hour (`LONG_NEMESIS_SECONDS`), the churn an hour
 * (`LONG_CHURN_SECONDS`), both at once. `SEEDS=0` plays only these, and 0 seconds leave one of them out.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const number = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)
const first = number('FIRST_SEED', 1)
const seeds = Array.from({ length: number('SEEDS', 30) }, (_, index) => first + index)

const failed: string[] = []
const play = async (what: string, files: string, env: Readonly<Record<string, string>>): Promise<void> => {
  process.stdout.write(`--- ${what}\n`)
  const child = spawn('npx', ['vitest', 'run', '--project', 'e2e-matrix', files], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) failed.push(what)
}

for (const [index, seed] of seeds.entries())
  await play(`seed ${seed} (${index + 1} of ${seeds.length})`, 'e2e/src/f', {
    NEMESIS_SECONDS: '60',
    LOAD_SECONDS: '120',
    SEED: String(seed),
  })

const long = [
  {
    row: 'F16',
    file: 'e2e/src/f16',
    variable: 'NEMESIS_SECONDS',
    seconds: number('LONG_NEMESIS_SECONDS', 1_800),
  },
  {
    row: 'L6',
    file: 'e2e/src/f-churn',
    variable: 'CHURN_SECONDS',
    seconds: number('LONG_CHURN_SECONDS', 3_600),
  },
]
await Promise.all(
  long
    .filter(({ seconds }) => seconds > 0)
    .map(async ({ row, file, variable, seconds }) =>
      play(`${row} for ${seconds} s, seed ${first}`, file, {
        [variable]: String(seconds),
        SEED: String(first),
      }),
    ),
)
process.stdout.write(failed.length === 0 ? 'all passed\n' : `failed: ${failed.join('; ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
