/**
 * A `Y.Doc` kept the same on every member and on each one's disk: changes are told to all, what got lost is
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
export { replicate, type Replica } from './documents/replicate.ts'
export type { ReplicaOptions, WriteOptions } from './config.ts'
export { limits } from './limits.ts'
export type { ReplicaEvents, ReplicaStatus, Traffic } from './documents/status.ts'
export type { Acknowledgement, WriteConcern } from './write-concern.ts'
export type { Synchronous, Write, Written } from './shared/writer.ts'

// Sets of facts
export { replicateFacts, type FactsReplica } from './facts/replicate-facts.ts'
export type { FactsOptions } from './facts/config.ts'
export { factsFeatures } from './facts/protocol/speakers.ts'
export type { FactsEvents, FactsStatus } from './facts/status.ts'
export type { MemberLag } from './facts/lag.ts'

// What it runs on
export type { Clock, Log } from '@grapevine/std'
export type { Bus, BusMember, BusTopic } from './bus.ts'
export { memoryDisk, memoryStorage, type MemoryDisk } from './storage/memory.ts'
export { lockFolder } from './storage/lock/lock-folder.ts'
export { openFileStorage, type FileStorageOptions } from './storage/open-file-storage.ts'
export { writeAll, type Files, type OpenFile } from './storage/file-system/files.ts'
export type { CompactOptions, Storage, StorageStatus } from './storage/storage.ts'

// What it lets in
export type { Change, Place } from './documents/guard/describe.ts'
export type { Policy, Verdict } from './documents/guard/judge.ts'

// What it compares
export { contentDigest, type ContentDigest } from './documents/digest/content-digest.ts'

// What can go wrong
export { InvalidOptionError } from '@grapevine/std'
export {
  AsyncChangeError,
  ForeignDataError,
  NewerFormatError,
  OversizedChangeError,
  OldFormatError,
  RefusedUpdateError,
  ReplicaClosedError,
  StorageLockedError,
  StorageUnavailableError,
  WriteConcernError,
} from './errors.ts'
