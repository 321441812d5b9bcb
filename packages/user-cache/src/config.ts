import type * as Y from 'yjs'
import { InvalidOptionError } from './errors.ts'
import type { RandomBytes } from './facts/id.ts'
import { randomPool } from './facts/random-pool.ts'

export interface UserCacheOptions {
  /**
   * The document whose root map `users` holds the facts. Whoever replicates it is not our concern. Its `gc` must
   * be on, as it is by default: without it Yjs keeps what was deleted.
   */
  readonly doc: Y.Doc
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
  /** Gets what a listener throws. @default throws it from a microtask, as an uncaught exception */
  readonly onListenerError?: (error: unknown) => void
}

const MAX_NODE_ID = 256
const DAY_MS = 86_400_000

/** @throws {InvalidOptionError} `INVALID_OPTION` */
export function checkOptions(options: UserCacheOptions): Required<UserCacheOptions> {
  const { doc, nodeId, maxDriftMs = 60_000 } = options
  if (!doc.gc) throw new InvalidOptionError('doc.gc must be true, not false: erased users would be kept.')
  if (typeof nodeId !== 'string' || nodeId.length < 1 || nodeId.length > MAX_NODE_ID) {
    const seen = typeof nodeId === 'string' ? `${nodeId.length} characters` : typeof nodeId
    throw new InvalidOptionError(`nodeId must be text of 1 to ${MAX_NODE_ID} characters, not ${seen}.`)
  }
  if (!Number.isFinite(maxDriftMs) || maxDriftMs < 0 || maxDriftMs > DAY_MS) {
    throw new InvalidOptionError(`maxDriftMs must be 0 to ${DAY_MS} ms, not ${maxDriftMs}.`)
  }
  return { now: Date.now, randomBytes: randomPool(), onListenerError: throwLater, ...options, maxDriftMs }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
