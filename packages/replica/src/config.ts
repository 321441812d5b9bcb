import { InvalidOptionError } from './errors.ts'
import type { Clock } from './clock.ts'
import type { Policy } from './guard/judge.ts'
import type { Log } from './log.ts'
import type { Storage } from './storage/storage.ts'
import type { WriteConcern } from './write-concern.ts'

export interface ReplicaOptions {
  /** Tells documents on one bus apart: 1 to 64 letters, digits, `.`, `_`, `-`. */
  readonly name: string
  /** @default memoryStorage(): nothing survives the process */
  readonly storage?: Storage
  /** Judges every foreign change before it is applied. @default accepts whatever is within the bounds */
  readonly policy?: Policy
  /**
   * Transaction origin of changes that every member derives by itself from what it holds: kept on this node's disk,
   * told to nobody. A member that has not heard of their reason yet would have to refuse them. @default none
   */
  readonly derivedOrigin?: symbol
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

export const defaults = {
  concern: 'reachable',
  writeTimeout: 2_000,
  antiEntropyInterval: 2_000,
  discoveryWindow: 1_500,
  compactAfter: 4_194_304,
} as const

/** @throws InvalidOptionError naming the option, what was seen and what is allowed */
export const checkOptions = (options: ReplicaOptions): void => {
  if (!/^[\w.-]{1,64}$/.test(options.name))
    throw new InvalidOptionError('name', options.name, '1 to 64 letters, digits, ".", "_" or "-"')
  checkNumber('writeTimeout', options.writeTimeout, 1, 600_000)
  checkNumber('antiEntropyInterval', options.antiEntropyInterval, 1, 600_000)
  checkNumber('discoveryWindow', options.discoveryWindow, 0, 600_000)
  checkNumber('compactAfter', options.compactAfter, 1_024, Number.MAX_SAFE_INTEGER)
  checkConcern(options.concern)
}

/** @throws InvalidOptionError */
export const checkConcern = (concern: WriteConcern | undefined): void => {
  if (typeof concern === 'number' && !(Number.isSafeInteger(concern) && concern >= 1))
    throw new InvalidOptionError('concern', concern, 'a whole number from 1, or a word')
}

const checkNumber = (name: string, value: number | undefined, least: number, most: number): void => {
  if (value !== undefined && !(value >= least && value <= most))
    throw new InvalidOptionError(name, value, `${least} to ${most}`)
}
