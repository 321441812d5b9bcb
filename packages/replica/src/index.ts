/**
 * A `Y.Doc` kept the same on every member and on each one's disk: changes are gossiped, what got lost is
 * found by comparing digests, and a write resolves when it is where it was asked to be.
 *
 * @example
 * ```ts
 * import * as Y from 'yjs'
 * import { replicate } from '@grapevine/replica'
 *
 * const doc = new Y.Doc()
 * const replica = await replicate(doc, bus, { name: 'notes' })
 * await replica.ready
 * const { acknowledgement } = await replica.write(() => doc.getMap('notes').set('milk', 'two pints'))
 * console.log(`on the disks of ${acknowledgement.members.length} members`)
 * await replica.close()
 * ```
 *
 * @module
 */

// The replica
export {
  replicate,
  type Acknowledgement,
  type Replica,
  type ReplicaStatus,
  type WriteOptions,
} from './replica.ts'
export { limits, type ReplicaOptions, type WriteConcern } from './config.ts'

// What it runs on
export type { Bus, BusTopic } from './bus.ts'
export type { Log } from './log.ts'
export { memoryStorage } from './storage/memory.ts'
export { openLevelStorage, type LevelStorageOptions } from './storage/level.ts'
export type { Storage } from './storage/storage.ts'

// What it lets in
export type { Change, Policy, Verdict } from './guard.ts'

// What it compares
export { contentDigest, type ContentDigest } from './digest.ts'

// What can go wrong
export {
  ForeignDataError,
  RefusedUpdateError,
  ReplicaClosedError,
  StorageLockedError,
  StorageUnavailableError,
  WriteConcernError,
} from './errors.ts'
