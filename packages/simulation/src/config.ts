import {
  InvalidOptionError,
  abortSignal,
  callback,
  check,
  checkOptions,
  listOf,
  numberBetween,
  oneOf,
  optional,
  wholeNumber,
  type Check,
} from '@grapevine/std'
import type { Random } from './random.ts'
import type { Conditions } from './network/conditions.ts'

export interface SimulationOptions<Message = unknown> {
  /** All chance comes from it: the same seed, the same run. A whole number. */
  readonly seed: number
  readonly conditions?: Partial<Conditions>
  /** With it, all that the network delivers is noted in the trace, in these words. @default only what the scenario notes is */
  readonly describe?: (message: Message) => string
}

export interface DiskOptions {
  readonly random: Random
  /** Milliseconds of a call, at least and at most; of a flush twenty times as much. @default [0.01, 0.1] */
  readonly delay?: readonly [least: number, most: number]
}

export interface ShortestOptions {
  /** Runs after which the shortest so far is taken. @default 1_000 */
  readonly mostRuns?: number
  /** When it is aborted, the shortest so far is taken. @default none */
  readonly signal?: AbortSignal
}

const longest = 86_400_000
const share = optional(numberBetween(0, 1))
const time = optional(numberBetween(0, longest))

/** Two times in milliseconds, the second no less than the first. */
const range: Check<readonly [number, number]> = (option, value) => {
  const [least = 0, most = 0] = listOf(numberBetween(0, longest), 2, 2)(option, value)
  if (most < least)
    throw new InvalidOptionError(option, `[${least}, ${most}]`, 'the least, then the same or more')
  return [least, most]
}

const conditions = {
  delay: optional(range),
  reorder: share,
  reorderBy: time,
  duplicate: share,
  loss: share,
  lossOnLinks: optional(oneOf('delays', 'drops')),
  retransmit: optional(numberBetween(1, longest)),
  linkTimeout: time,
  dialTimeout: time,
} satisfies { readonly [Name in keyof Conditions]: Check<Conditions[Name] | undefined> }

const simulation = {
  // Any whole number: seeds of old reports, dates and hashes are such.
  seed: check((value): value is number => Number.isSafeInteger(value), 'a whole number'),
  conditions: optional(check((value): value is object => typeof value === 'object', 'an object')),
  describe: optional(callback()),
} satisfies { readonly [Name in keyof SimulationOptions]-?: Check<unknown> }

const disk = {
  random: callback<DiskOptions['random']>(),
  delay: optional(range),
} satisfies { readonly [Name in keyof DiskOptions]-?: Check<unknown> }

const shortest = {
  mostRuns: optional(wholeNumber(0, 1_000_000)),
  signal: optional(abortSignal),
} satisfies { readonly [Name in keyof ShortestOptions]-?: Check<unknown> }

/** A misspelt condition would do nothing, and a test would pass for it. @throws InvalidOptionError */
export const checkConditions = (changes: Partial<Conditions>): void => void checkOptions(changes, conditions)

/** @throws InvalidOptionError */
export const checkSimulation = (options: object): void => void checkOptions(options, simulation)

/** @throws InvalidOptionError */
export const checkDisk = (options: DiskOptions): void => void checkOptions(options, disk)

/** @throws InvalidOptionError */
export const checkShortest = (options: ShortestOptions): void => void checkOptions(options, shortest)
