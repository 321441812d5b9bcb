import { InvalidOptionError } from './errors.ts'
import type { Clock } from './clock.ts'
import type { Policy } from './guard/judge.ts'
import type { Log } from './log.ts'
import type { Storage } from './storage/storage.ts'

/** Which members must have a write on their disks before it is acknowledged. */
export type WriteConcern =
  /** This node's own disk. */
  | 'local'
  /** Every member that can be reached; those that fall silent meanwhile are not waited for beyond the time-out. */
  | 'reachable'
  /** More than half of the members that have not left, this node included. Needs a bus that tells its members. */
  | 'majority'
  /** This many members, this node included. */
  | number

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

/** Bounds; every foreign byte is held against them before it is decoded. */
export interface Limits {
  /** Bytes of one update that a member may send, and so of one value. */
  readonly update: number
  /** Bytes of one slice of a difference: about 3 ms of work for the receiver. */
  readonly slice: number
  /** Structs of one slice. */
  readonly sliceStructs: number
  /** Slices in one answer: each costs its receiver a piece of work, and all together one round trip. */
  readonly slicesPerAnswer: number
  /** Slices that are taken in at once, one member's: judged and applied one after the other, and on their way to disk. */
  readonly slicesUnderWay: number
  /** Structs that are looked at for one slice of deletes. */
  readonly deletesScan: number
  /** Bytes of one gossiped change; a larger one is left to anti-entropy. */
  readonly gossip: number
  /** Bytes of one message: an update and what describes it. */
  readonly message: number
  /** Bytes and number of gossiped changes that wait to be judged; more are dropped, and fetched later. */
  readonly waitingBytes: number
  readonly waiting: number
  /** Slices, or answers that hold some, in one exchange, so that it ends even with a peer that never says so. */
  readonly slices: number
  /** How long one request of an exchange may take, in milliseconds. */
  readonly requestTimeout: number
  /** How long a member may hold the right to send a large difference without sending, in milliseconds. */
  readonly permit: number
  /** How long work may hold the event loop before it lets others go first, in milliseconds. */
  readonly turn: number
  /** Yjs draws client ids from 32 bits; a larger one was forged. */
  readonly clientId: number
  readonly clock: number
  /** Structs, authors and deletes in one update. */
  readonly structs: number
  readonly authors: number
  readonly deletes: number
  /** Items at the same place in one update. */
  readonly siblings: number
  /** Nesting of a value, and bytes of a key. */
  readonly depth: number
  readonly key: number
  /** Entries of a state vector that a member may send: one for each start of a process that wrote. */
  readonly vector: number
  /** Refusals within so many milliseconds after which a member is cut off, and for how long at first and at most. */
  readonly refusals: number
  readonly refusalWindow: number
  readonly shortestCutOff: number
  readonly longestCutOff: number
  /** Members whose refusals are remembered. */
  readonly records: number
  /** Exchanges in a row that end with equal state vectors and unequal content before it counts as divergence. */
  readonly patience: number
}

export const limits: Limits = {
  update: 1_048_576,
  slice: 32_768,
  sliceStructs: 2_048,
  slicesPerAnswer: 8,
  slicesUnderWay: 12,
  deletesScan: 50_000,
  gossip: 524_288,
  message: 2_097_152,
  waitingBytes: 8_388_608,
  waiting: 4_096,
  slices: 200_000,
  requestTimeout: 10_000,
  permit: 3_000,
  turn: 5,
  clientId: 0xffff_ffff,
  clock: 17_592_186_044_416,
  structs: 16_384,
  authors: 4_096,
  deletes: 65_536,
  siblings: 512,
  depth: 64,
  key: 4_096,
  vector: 200_000,
  refusals: 8,
  refusalWindow: 10_000,
  shortestCutOff: 1_000,
  longestCutOff: 60_000,
  records: 1_024,
  patience: 3,
}
