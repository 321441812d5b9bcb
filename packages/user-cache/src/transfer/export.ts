import { setImmediate } from 'node:timers/promises'
import type { FactStore } from '../facts/fact-store.ts'
import type { Progress } from './batches.ts'
import { writeLine } from './line.ts'

export interface ExportOptions {
  readonly signal?: AbortSignal
  /** `total` follows what is written meanwhile. */
  readonly onProgress?: (progress: Progress) => void
}

/** Lines between two turns of the event loop: about a millisecond. */
const turn = 500

/**
 * The facts as lines, without line ends. One at a time: nothing is copied. What is written meanwhile may or may
 * not be among them.
 *
 * @throws the reason of `signal`
 */
export const exportFacts = async function* (
  store: Pick<FactStore, 'all' | 'size'>,
  { signal, onProgress }: ExportOptions = {},
): AsyncGenerator<string, void, undefined> {
  let done = 0
  signal?.throwIfAborted()
  for (const recorded of store.all()) {
    yield writeLine(recorded)
    done += 1
    if (done % turn !== 0) continue
    onProgress?.({ done, total: Math.max(done, store.size) })
    await setImmediate()
    signal?.throwIfAborted()
  }
  onProgress?.({ done, total: Math.max(done, store.size) })
}
