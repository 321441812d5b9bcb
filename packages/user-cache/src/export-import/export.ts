import { setImmediate } from 'node:timers/promises'
import type { FactSet } from '@grapevine/facts'
import type { Progress } from './batches.ts'
import { writeHeader, writeLine } from './line.ts'

export interface ExportOptions {
  readonly signal?: AbortSignal
  /** In facts and erasures. `total` follows what is written meanwhile. */
  readonly onProgress?: (progress: Progress) => void
}

/** Lines between two turns of the event loop: about a millisecond. */
const turn = 500

/**
 * The facts as lines, without line ends, erasures first. One at a time: nothing is copied. What is written meanwhile may or
 * may not be among them.
 *
 * @throws the reason of `signal`
 */
export const exportFacts = async function* (
  facts: FactSet,
  { signal, onProgress }: ExportOptions = {},
): AsyncGenerator<string, void, undefined> {
  let done = 0
  const tell = (): void => onProgress?.({ done, total: Math.max(done, facts.size + facts.erasures.size) })
  signal?.throwIfAborted()
  yield writeHeader()
  for (const section of [facts.erasures, facts.facts])
    for (const key of section.keys()) {
      const fact = facts.fact(key)
      if (fact === undefined) continue
      yield writeLine(fact)
      done += 1
      if (done % turn !== 0) continue
      tell()
      await setImmediate()
      signal?.throwIfAborted()
    }
  tell()
}
