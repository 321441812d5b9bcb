import { reasonOf } from '@grapevine/std'
import { parseArgs } from 'node:util'

export interface Options {
  /** `quick`: small sizes, for sanity; the figures mean nothing. */
  readonly mode: 'quick' | 'full'
  readonly rounds: number
  /** Names of measurements; all of them if empty. */
  readonly only: readonly string[]
  /** Write to docs/bench. */
  readonly publish: boolean
  /** Write CPU profiles and tell where time goes. */
  readonly profile: boolean
}

/** A flag that cannot be; the message says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'USAGE'
}

const usage = `usage: pnpm bench [--quick] [--only name[,name…]] [--rounds n] [--publish] [--profile]

  --quick      small sizes and two rounds, under 3 minutes: asserts that every figure exists, never how fast
  --only       the measurements of these names
  --rounds     how often each contestant runs, 1 to 50; 5 by default, 2 with --quick
  --publish    writes docs/bench instead of bench/results; needs all measurements at full size
  --profile    writes CPU profiles of all programs to bench/results/profiles and prints where their time went
`

/** @throws UsageError */
export const readOptions = (args: readonly string[], names: readonly string[]): Options => {
  const { quick, only, rounds, publish, profile } = parse(args)
  const chosen = (only ?? '').split(',').filter((name) => name !== '')
  const unknown = chosen.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}; allowed: ${names.join(', ')}`)
  if (publish && (quick || chosen.length > 0 || profile))
    throw new UsageError(
      '--publish goes with neither --quick nor --only nor --profile: what is published comes from one full run',
    )
  return {
    mode: quick ? 'quick' : 'full',
    rounds: rounds === undefined ? (quick ? 2 : 5) : readRounds(rounds),
    only: chosen,
    publish,
    profile,
  }
}

const parse = (
  args: readonly string[],
): {
  quick: boolean
  only?: string | undefined
  rounds?: string | undefined
  publish: boolean
  profile: boolean
} => {
  try {
    // pnpm hands a `--` of its caller through.
    return parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string' },
        rounds: { type: 'string' },
        publish: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${reasonOf(error)}\n${usage}`)
  }
}

const readRounds = (text: string): number => {
  const rounds = Number(text)
  if (!/^\d{1,2}$/.test(text) || rounds < 1 || rounds > 50)
    throw new UsageError(`--rounds ${text}; allowed: 1 to 50`)
  return rounds
}
