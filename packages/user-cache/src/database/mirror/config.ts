import type { FactSet } from '@grapevine/facts'
import type { Clock } from '@grapevine/std'
import type { RandomBytes } from '../../facts/id.ts'
import type { Write } from '../../export-import/batches.ts'
import type { UserCache } from '../../user-cache.ts'
import type { MirroredDatabase } from '../user-database.ts'
import type { PendingStore } from './pending.ts'

/** What a database and the cluster have come to know of each other. */
export type MirrorEvent =
  /** Reading at the start, or to look whether both still agree. */
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'checked'; readonly rows: number; readonly adopted: number; readonly invalid: number }
  | { readonly type: 'down'; readonly error: unknown; readonly pending: number }
  | { readonly type: 'up'; readonly pending: number }
  /** Whose rows wait could not be kept: after a crash only a look at everything finds them, which every start takes. */
  | { readonly type: 'unkept'; readonly error: unknown }
  /** More changes wait than are remembered one by one: when it is back, everything is looked at. */
  | { readonly type: 'overflow' }
  /** The database does not take this account as it is: its name is taken there, or a rule of the owner's stands against it. */
  | { readonly type: 'refused'; readonly id: string; readonly error: unknown }
  /** An account of the database that cannot be one here. */
  | { readonly type: 'invalid'; readonly error: unknown }
  /** A row that somebody changed by hand: what it says now counts here, too. */
  | { readonly type: 'taken-in'; readonly id: string; readonly what: string }
  /** A row that somebody changed by hand, to what cannot be here. */
  | { readonly type: 'differs'; readonly id: string; readonly error: unknown }

export interface MirrorOptions {
  readonly users: Pick<
    UserCache,
    'adopt' | 'claimants' | 'get' | 'transact' | 'changePassword' | 'disable' | 'rename'
  >
  readonly facts: FactSet
  readonly database: MirroredDatabase
  /** Writes to the cache, and waits until it is kept. */
  readonly write: Write
  readonly store: PendingStore
  readonly clock: Clock
  /** Ms since 1970. */
  readonly now: () => number
  readonly randomBytes: RandomBytes
  /** Whether this member speaks for all: one of them, and only when the cluster is not split. */
  readonly speaksForAll: () => boolean
  readonly onEvent: (event: MirrorEvent) => void
  readonly timings?: Partial<MirrorTimings>
  /** Ids of accounts whose rows are to be written. @default 100000 */
  readonly mostPending?: number
}

/** In ms. */
export interface MirrorTimings {
  /** For one question to the database. @default 5000 */
  readonly patience: number
  /** Between looks at the whole table. @default 3600000 */
  readonly checkEvery: number
  /** After a change by another member, until it is looked whether its row is there: it has written it by then. @default 5000 */
  readonly verifyAfter: number
  /** For which a row must say what nobody here has heard, until it counts as changed by hand. @default 60000 */
  readonly doubtFor: number
  /** The longest between tries while it is down. @default 30000 */
  readonly retryWithin: number
}

export const defaultTimings: MirrorTimings = {
  patience: 5_000,
  checkEvery: 3_600_000,
  verifyAfter: 5_000,
  doubtFor: 60_000,
  retryWithin: 30_000,
}
