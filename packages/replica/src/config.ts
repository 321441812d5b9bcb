import {
  abortSignal,
  callback,
  check,
  checkOptions,
  numberBetween,
  optional,
  orElse,
  silentLog,
  systemClock,
  textLike,
  withMethods,
  type Check,
  type Checks,
  type Clock,
  type Log,
} from '@grapevine/std'
import type { Policy } from './documents/guard/judge.ts'
import type { Storage } from './storage/storage.ts'
import type { WriteConcern } from './write-concern.ts'

/** What all that is replicated has in common. */
export interface SharedOptions {
  /** Tells documents on one bus apart: 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly name: string
  /** @default memoryStorage(): nothing survives the process */
  readonly storage?: Storage
  /** @default 'reachable' */
  readonly concern?: WriteConcern
  /** How long a write waits for others, in milliseconds, 1 to 600,000. @default 2000 */
  readonly writeTimeout?: number
  /** Milliseconds between two comparisons with a random member, 1 to 600,000. @default 2000 */
  readonly antiEntropyInterval?: number
  /** How long a start waits for a first member to exchange with, in milliseconds, 0 to 600,000. @default 1500 */
  readonly discoveryWindow?: number
  /**
   * Bytes of log after which it is compacted; and not before the log is as large as the last snapshot. At least 1024.
   * @default 4194304
   */
  readonly compactAfter?: number
  readonly log?: Log
  /** @default the system's */
  readonly clock?: Clock
  /** Uniform in [0, 1): whom to compare with, and when to try again. @default Math.random */
  readonly random?: () => number
}

export interface ReplicaOptions extends SharedOptions {
  /** Judges every foreign change before it is applied. @default accepts whatever is within the bounds */
  readonly policy?: Policy
}

export interface WriteOptions {
  /** @default the replica's concern */
  readonly concern?: WriteConcern
  /** Ends the wait for other members early, as the write time-out does. */
  readonly signal?: AbortSignal
}

const concern: Check<WriteConcern> = check(
  (value): value is WriteConcern =>
    typeof value === 'number'
      ? Number.isSafeInteger(value) && value >= 1
      : value === 'local' || value === 'reachable' || value === 'majority',
  '"local", "reachable", "majority" or a whole number from 1',
)

type Complete<Options, WithoutDefault extends keyof Options> = Required<Omit<Options, WithoutDefault>> & {
  readonly [Name in WithoutDefault]-?: Options[Name] | undefined
}

/** The options, complete with their defaults. */
export type SharedSettings = Complete<SharedOptions, 'storage'>
export type Settings = Complete<ReplicaOptions, 'storage' | 'policy'>

export const sharedChecks: { readonly [Name in keyof SharedSettings]-?: Check<SharedSettings[Name]> } = {
  name: textLike(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, ".", "_" or "-"'),
  storage: optional(withMethods<Storage>('load', 'append', 'compact', 'status', 'close')),
  concern: orElse(concern, 'reachable'),
  writeTimeout: orElse(numberBetween(1, 600_000), 2_000),
  antiEntropyInterval: orElse(numberBetween(1, 600_000), 2_000),
  discoveryWindow: orElse(numberBetween(0, 600_000), 1_500),
  compactAfter: orElse(numberBetween(1_024, Number.MAX_SAFE_INTEGER), 4_194_304),
  log: orElse(withMethods<Log>('debug', 'info', 'warn', 'error'), silentLog),
  clock: orElse(withMethods<Clock>('now', 'after'), systemClock),
  random: orElse(callback<() => number>(), Math.random),
}

const checks = {
  ...sharedChecks,
  policy: optional(callback<Policy>()),
} satisfies Checks<ReplicaOptions>

/** @throws InvalidOptionError naming the option, what was seen and what is allowed */
export const settingsOf = (options: ReplicaOptions): Settings => checkOptions(options, checks)

const writeChecks = {
  concern: optional(concern),
  signal: optional(abortSignal),
} satisfies Checks<WriteOptions>

/** @throws InvalidOptionError naming the option, what was seen and what is allowed */
export const checkWriteOptions = (options: WriteOptions): void => void checkOptions(options, writeChecks)
