/**
 * What every storage and every bus must do, for whoever writes another one: run each requirement with a place, or two linked
 * members, of its own.
 *
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { storageContract } from '@grapevine/replica/contract'
 * import { memoryDisk, memoryStorage } from '@grapevine/replica'
 *
 * for (const { requirement, check } of storageContract) {
 *   const disk = memoryDisk()
 *   test(requirement, () => check(async () => memoryStorage(disk)))
 * }
 * ```
 *
 * And the guard that a replica holds a foreign update against, for whoever writes a policy and tests it with updates of their own.
 *
 * @module
 */
export { busContract, type BusRequirement } from './buses/contract.ts'
export { storageContract, type StorageRequirement } from './storage/contract.ts'
export { judge as judgeUpdate, type Policy, type Verdict } from './documents/guard/judge.ts'
