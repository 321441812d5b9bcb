import type { FactSet } from '@grapevine/facts'
import {
  callback,
  checkOptions as checkAll,
  numberBetween,
  optional,
  orElse,
  text,
  wholeNumber,
  withMethods,
  type Checks,
} from '@grapevine/std'
import type { RandomBytes } from './facts/id.ts'
import type { UnreadReason } from './facts/read-fact.ts'
import { randomPool } from './facts/random-pool.ts'

export interface UserCacheOptions {
  /** The set that holds the facts of users, and nothing else. Whoever replicates it is not our concern. */
  readonly facts: FactSet
  /** Tells this node's stamps from all others': 1 to 256 characters, the same at each start of a node. */
  readonly nodeId: string
  /** Wall clock, ms since 1970. @default Date.now */
  readonly now?: () => number
  /** At least as unguessable as `node:crypto`. @default those of node:crypto */
  readonly randomBytes?: RandomBytes
  /**
   * How far ahead of `now` a foreign stamp may be and still move this node's clock, in ms, 0 to 86 400 000.
   * Facts beyond it count all the same. Choose more than the clocks of the members can differ.
   * @default 60_000
   */
  readonly maxDriftMs?: number
  /**
   * How often an account changes its password, its name or ends its sessions on this node, 1 to 100,000 times a minute.
   * What operators do (disable, enable, erase) is not counted.
   * @default 60
   */
  readonly changesPerMinute?: number
  /**
   * Facts of an account from which on it changes once in ten minutes alone, 1 to 1,000,000.
   * @default 1_000
   */
  readonly changesPerLife?: number
  /**
   * Told once for each reason why a fact is held and not read, with the key of the first.
   * @default tells nobody; `unread()` tells it at any time
   */
  readonly onUnread?: (reason: UnreadReason, key: string) => void
  /** Gets what a listener throws. @default throws it from a microtask, as an uncaught exception */
  readonly onListenerError?: (error: unknown) => void
}

const maxNodeId = 256
const dayMs = 86_400_000

const throwLater = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })

const checks = {
  facts: withMethods<FactSet>('insert', 'text', 'of', 'onChange'),
  nodeId: text(1, maxNodeId),
  now: orElse(callback<() => number>(), Date.now),
  randomBytes: optional(callback<RandomBytes>()),
  maxDriftMs: orElse(numberBetween(0, dayMs), 60_000),
  changesPerMinute: orElse(wholeNumber(1, 100_000), 60),
  changesPerLife: orElse(wholeNumber(1, 1_000_000), 1_000),
  onUnread: orElse(callback<(reason: UnreadReason, key: string) => void>(), () => undefined),
  onListenerError: orElse(callback<(error: unknown) => void>(), throwLater),
} satisfies Checks<UserCacheOptions>

/** @throws `INVALID_OPTION` */
export const checkOptions = (options: UserCacheOptions): Required<UserCacheOptions> => {
  const checked = checkAll(options, checks)
  return { ...checked, randomBytes: checked.randomBytes ?? randomPool() }
}
