import type { Commands } from '../accounts/commands.ts'
import { InvalidLineError, UsernameTakenError } from '../errors.ts'
import { keyOf } from '../facts/fact.ts'
import type { RecordedFact } from '../facts/fact.ts'
import type { FactStore } from '../facts/fact-store.ts'
import { sameFlat } from '../flat.ts'
import { inBatches } from './batches.ts'
import type { Progress, Write } from './batches.ts'
import { readLine } from './line.ts'

export interface ImportOptions {
  readonly signal?: AbortSignal
  /** After each batch, in lines. */
  readonly onProgress?: (progress: Progress) => void
  /** Number of lines, if known, for `onProgress`. */
  readonly total?: number
  /**
   * Writes a batch; for example `(change) => replica.write(change)`, so that each is on disk before the next.
   *
   * @default one transaction of the document
   */
  readonly write?: Write
}

/** How many lines had which outcome. */
export interface ImportReport {
  /** Facts that were new here. */
  readonly inserted: number
  /** Facts that were here already. */
  readonly known: number
  /** Facts of users who are erased here, and stay so. */
  readonly erased: number
  /** Plain users whose name was free. */
  readonly registered: number
  /** Plain users whose name was not: nothing was written for them. */
  readonly nameTaken: number
  readonly blank: number
}

type Outcome = keyof ImportReport

export interface ImportContext {
  readonly store: FactStore
  readonly register: Commands['register']
}

/**
 * Importing the same facts again changes nothing. Stops at the first line that is not well-formed.
 *
 * @throws {InvalidLineError} `INVALID_LINE`: the lines before are written
 * @throws `CACHE_CLOSED`, the reason of `signal`, or what `lines` or `write` throws: the batches before are written
 */
export const importLines = async (
  { store, register }: ImportContext,
  lines: AsyncIterable<string> | Iterable<string>,
  { signal, onProgress, total, write = (change) => store.transact(change) }: ImportOptions = {},
): Promise<ImportReport> => {
  const report = { inserted: 0, known: 0, erased: 0, registered: 0, nameTaken: 0, blank: 0 }
  let number = 0

  const take = (text: string): void => {
    number += 1
    report[outcomeOf(text)] += 1
  }

  const outcomeOf = (text: string): Outcome => {
    const line = readLine(text)
    switch (line.kind) {
      case 'blank':
        return 'blank'
      case 'malformed':
        throw new InvalidLineError(number, line.why)
      case 'plain':
        return registerIfFree(() => register(line.registration))
      case 'fact':
        return insert(line.recorded)
    }
  }

  const insert = (recorded: RecordedFact): Outcome => {
    // Its facts are purged, and to insert one anew would only be to purge it anew.
    if (recorded.fact.kind !== 'erased' && store.isErased(recorded.fact.user)) return 'erased'
    const key = keyOf(recorded)
    if (!store.has(key)) {
      store.insert([recorded])
      return 'inserted'
    }
    const known = store.get(key)
    if (known !== undefined && sameFlat(known, recorded.fact)) return 'known'
    throw new InvalidLineError(number, 'another fact has this id, and a fact is never overwritten')
  }

  await inBatches(lines, take, { write, signal, onBatch: (done) => onProgress?.({ done, total }) })
  return report
}

const registerIfFree = (register: () => void): Outcome => {
  try {
    register()
    return 'registered'
  } catch (error) {
    if (error instanceof UsernameTakenError) return 'nameTaken'
    throw error
  }
}
