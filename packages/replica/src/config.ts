import type { Policy } from './guard.ts'
import type { Log } from './log.ts'
import type { Storage } from './storage/storage.ts'

/** Which members must have a write on their disks before it is acknowledged. */
export type WriteConcern =
  /** This node's own disk. */
  | 'local'
  /** Every member that can be reached; those that fall silent meanwhile are not waited for beyond the time-out. */
  | 'reachable'
  /** This many members, this node included. */
  | number

export interface ReplicaOptions {
  /** Tells documents on one bus apart. */
  readonly name: string
  /** @default memoryStorage(): nothing survives the process */
  readonly storage?: Storage
  /** Judges every foreign change before it is applied. @default accepts whatever is within the bounds */
  readonly policy?: Policy
  /** @default 'reachable' */
  readonly concern?: WriteConcern
  /** How long a write waits for others, in milliseconds. @default 2000 */
  readonly writeTimeout?: number
  /** Milliseconds between two comparisons with a random member. @default 2000 */
  readonly antiEntropyInterval?: number
  /** How long a start waits for a first member to exchange with, in milliseconds. @default 1500 */
  readonly discoveryWindow?: number
  readonly log?: Log
}

/** Bounds; every foreign byte is held against them before it is decoded. */
export const limits = {
  /** Bytes of one update that a peer may send. */
  update: 4_194_304,
  /** Bytes of one slice of a difference: about 10 ms of work for the receiver. */
  slice: 131_072,
  /** Bytes of one gossiped change; a larger one is left to anti-entropy. */
  gossip: 524_288,
  /** Slices in one exchange, so that it ends even with a peer that never says so. */
  slices: 20_000,
  /** How long one request of an exchange may take, in milliseconds. */
  requestTimeout: 10_000,
  /** Yjs draws client ids from 32 bits; a larger one was forged. */
  clientId: 0xffff_ffff,
  /** Structs in one update. */
  structs: 200_000,
} as const
