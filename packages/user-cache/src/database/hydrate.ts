import type { Adoption } from '../commands/adoption.ts'
import { InvalidExternalAccountError } from '../errors.ts'
import { inBatches } from '../export-import/batches.ts'
import type { Progress, Write } from '../export-import/batches.ts'
import type { UserCache } from '../user-cache.ts'
import type { UserDatabase } from './user-database.ts'

export interface HydrateOptions {
  readonly signal?: AbortSignal
  /** After each batch, in accounts. `total` is not known. */
  readonly onProgress?: (progress: Progress) => void
  /** Gets what says why an account cannot be taken in; it is left out. @default hydrating ends with it */
  readonly onInvalid?: (error: InvalidExternalAccountError) => void
  /** Writes a batch; for example `(change) => replica.write(change)`. @default one transaction of the document */
  readonly write?: Write
}

/** How many accounts had which outcome. */
export type HydrateReport = Readonly<Record<Adoption | 'invalid', number>>

/**
 * Takes in the accounts of a database that are not here yet. What happened to an account here since (a new
 * password or name, an erasure) stands, whatever the database says. Hydrate once what other members hold has
 * arrived: then only the first member of a new cluster has anything to write.
 *
 * @throws `INVALID_EXTERNAL_ACCOUNT`, what `load` throws, or the reason of the signal: the batches before stay
 */
export const hydrate = async (
  cache: Pick<UserCache, 'adopt' | 'transact'>,
  database: Pick<UserDatabase, 'load'>,
  { signal, onProgress, onInvalid, write = (change) => cache.transact(change) }: HydrateOptions = {},
): Promise<HydrateReport> => {
  const report = { adopted: 0, known: 0, erased: 0, invalid: 0 }
  await inBatches(
    database.load({ signal }),
    (account) => {
      try {
        report[cache.adopt(account)] += 1
      } catch (error) {
        if (onInvalid === undefined || !(error instanceof InvalidExternalAccountError)) throw error
        report.invalid += 1
        onInvalid(error)
      }
    },
    { write, signal, onBatch: (done) => onProgress?.({ done, total: undefined }) },
  )
  return report
}
