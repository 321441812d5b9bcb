import type { Fact, FactSet } from '@grapevine/facts'
import type { Commands } from '../commands/commands.ts'
import { CacheClosedError, InvalidLineError, UsernameTakenError } from '../errors.ts'
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
  readonly facts: FactSet
  readonly register: Commands['register']
  readonly isClosed: () => boolean
}

/**
 * Importing the same facts again changes nothing. Stops at the first line that is not well-formed.
 *
 * @throws {InvalidLineError} `INVALID_LINE`: the lines before are written
 * @throws `CACHE_CLOSED`, the reason of `signal`, or what `lines` or `write` throws: the batches before are written
 */
export const importLines = async (
  { facts, register, isClosed }: ImportContext,
  lines: AsyncIterable<string> | Iterable<string>,
  { signal, onProgress, total, write = (change) => facts.doc.transact(change) }: ImportOptions = {},
): Promise<ImportReport> => {
  const report = { inserted: 0, known: 0, erased: 0, registered: 0, nameTaken: 0, blank: 0 }
  let number = 0

  const take = (text: string): void => {
    if (isClosed()) throw new CacheClosedError()
    number += 1
    const line = readLine(text)
    if (line.kind === 'malformed') throw new InvalidLineError(number, line.why)
    if (line.kind === 'header') return
    if (line.kind === 'blank') report.blank += 1
    else if (line.kind === 'fact') report[insert(facts, line.fact)] += 1
    else report[registerIfFree(() => register(line.registration))] += 1
  }

  await inBatches(lines, take, { write, signal, onBatch: (done) => onProgress?.({ done, total }) })
  return report
}

const insert = (facts: FactSet, fact: Fact): Outcome => {
  if (facts.insert([fact]).length > 0) return 'inserted'
  return fact.mark === '.' && facts.isErased(fact.subject) ? 'erased' : 'known'
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
