import { isError } from '@grapevine/std'
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { monotonic } from './clock.ts'
import { measurements } from './measurements/index.ts'
import { readOptions, UsageError, type Options } from './options.ts'
import { createSupervisor } from './processes/supervisor.ts'
import { findRedis } from './processes/redis.ts'
import { topFunctions } from './profile/top-functions.ts'
import { describeMachine } from './report/machine.ts'
import { lines } from './report/lines.ts'
import { writeReport } from './report/write.ts'
import { runMeasurement, type Measured } from './run-measurement.ts'
import type { Measurement, RedisState } from './measurement.ts'

const folders = {
  results: fileURLToPath(new URL('../results', import.meta.url)),
  profiles: fileURLToPath(new URL('../results/profiles', import.meta.url)),
  docs: fileURLToPath(new URL('../../docs/bench', import.meta.url)),
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const run = async (options: Options): Promise<void> => {
  const begun = new Date().toISOString()
  const start = monotonic()
  const redis = findRedis()
  if (redis.type === 'missing') say(`skipped wherever it is the rival: ${redis.why}`)
  const chosen = measurements.filter(({ name }) => options.only.length === 0 || options.only.includes(name))
  const measured: Measured[] = []
  for (const measurement of chosen) measured.push(await measure(measurement, options, redis))

  const report = {
    begun,
    took: (monotonic() - start) / 60_000,
    mode: options.mode,
    rounds: options.rounds,
    machine: describeMachine(redis),
    measurements: measured,
  }
  await writeReport(report, folders.results, 'latest.json')
  if (options.publish) await writeReport(report, folders.docs, 'results.json')
  say(`\n${Math.round(report.took * 60)} s; written to ${options.publish ? folders.docs : folders.results}`)
}

const measure = async (measurement: Measurement, options: Options, redis: RedisState): Promise<Measured> => {
  const start = monotonic()
  const seconds = (): string => ((monotonic() - start) / 1000).toFixed(0).padStart(4)
  const progress = (line: string): void => say(`  ${seconds()} s  ${line}`)
  say(`\n${measurement.title} (${measurement.name})`)
  if (options.profile) await emptyFolder(folders.profiles)
  const supervisor = createSupervisor(options.profile ? folders.profiles : undefined)
  const pick = <T>(sizes: { readonly quick: T; readonly full: T }): T => sizes[options.mode]
  try {
    const measured = await runMeasurement(measurement, { supervisor, redis, progress, pick }, options.rounds)
    for (const row of measured.rows) say(lines(row))
    checkSanity(measured)
    return measured
  } finally {
    await supervisor.close()
    if (options.profile) for (const line of await topFunctions(folders.profiles)) say(line)
  }
}

/** Says nothing of speed, only that something was measured. */
const checkSanity = ({ name, readings }: Measured): void => {
  for (const [contestant, rounds] of Object.entries(readings)) {
    for (const [reading, value] of rounds.flatMap((round) => Object.entries(round))) {
      if (!(Number.isFinite(value) && value > 0))
        throw new Error(`${name}: ${contestant} read ${value} as ${reading}; a number above 0 is needed`)
    }
  }
}

const emptyFolder = async (folder: string): Promise<void> => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}

// Ends through `exit`, where the supervisors let go of what they have started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const describe = (error: unknown): string => (isError(error) ? (error.stack ?? error.message) : String(error))

try {
  await run(
    readOptions(
      process.argv.slice(2),
      measurements.map(({ name }) => name),
    ),
  )
} catch (error) {
  process.stderr.write(`${error instanceof UsageError ? error.message : describe(error)}\n`)
  process.exit(1)
}
