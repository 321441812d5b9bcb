/** Takes many items in transactions of a bounded number, and lets the event loop run in between. */
import { setImmediate } from 'node:timers/promises'

/** Items in one transaction: 2 to 3 ms of work, 10 ms where the processors are shared by many. */
export const batchSize = 50

/** Runs a change of the document as one transaction, and resolves when the next one may follow. */
export type Write = (change: () => void) => unknown

export interface Progress {
  /** Items so far. */
  readonly done: number
  /** `undefined`: not known. */
  readonly total: number | undefined
}

export interface BatchOptions {
  readonly write: Write
  readonly signal?: AbortSignal | undefined
  /** After each batch. */
  readonly onBatch: (done: number) => void
}

/**
 * What `take` throws ends it, after the batch up to there was written.
 *
 * @throws the reason of `signal`: the batches before stay written
 */
export const inBatches = async <T>(
  items: AsyncIterable<T> | Iterable<T>,
  take: (item: T) => void,
  { write, signal, onBatch }: BatchOptions,
): Promise<void> => {
  let batch: T[] = []
  let done = 0

  const flush = async (): Promise<void> => {
    let failure: { readonly error: unknown } | undefined
    await write(() => {
      failure = takeUntilFailure(batch, take)
    })
    if (failure !== undefined) throw failure.error
    done += batch.length
    batch = []
    onBatch(done)
    await setImmediate()
    signal?.throwIfAborted()
  }

  signal?.throwIfAborted()
  for await (const item of items) {
    batch.push(item)
    if (batch.length === batchSize) await flush()
  }
  signal?.throwIfAborted()
  if (batch.length > 0) await flush()
}

/** Not thrown through the transaction: what comes before the failure is written whole, and awaited. */
const takeUntilFailure = <T>(
  batch: readonly T[],
  take: (item: T) => void,
): { readonly error: unknown } | undefined => {
  for (const item of batch) {
    try {
      take(item)
    } catch (error) {
      return { error }
    }
  }
  return undefined
}
