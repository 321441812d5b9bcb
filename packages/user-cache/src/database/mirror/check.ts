/** A look at the whole table: who is new there is taken in, and whose row is not as the account is told. */
import { sleep } from '@grapevine/std'
import { subjectOf } from '@grapevine/facts'
import { InvalidExternalAccountError } from '../../errors.ts'
import { isId } from '../../facts/id.ts'
import { batchSize } from '../../export-import/batches.ts'
import type { ExternalAccount } from '../../commands/adoption.ts'
import type { MirrorOptions } from './config.ts'
import type { Rows } from './rows.ts'

export interface CheckParts extends Pick<
  MirrorOptions,
  'users' | 'facts' | 'database' | 'clock' | 'onEvent'
> {
  readonly rows: Rows
  /** Takes accounts in, so that nobody takes it for a change that is to be written. */
  readonly adopt: (
    accounts: readonly ExternalAccount[],
    take: (account: ExternalAccount) => void,
  ) => Promise<void>
  /** The row is to be written. */
  readonly behind: (id: string) => void
  /** The row says what nobody here has heard. */
  readonly ahead: (id: string, row: ExternalAccount) => void
}

const turnEvery = 200
const tellEvery = 10_000

/** @throws what `load` throws; what was taken in before stays */
export const checkAll = async (parts: CheckParts, signal: AbortSignal): Promise<void> => {
  const { users, database, clock, onEvent, rows } = parts
  const seen = new Set<string>()
  const report = { rows: 0, adopted: 0, invalid: 0 }
  let missing: ExternalAccount[] = []
  const adoptMissing = async (): Promise<void> => {
    await parts.adopt(missing, (account) => {
      try {
        if (users.adopt(account) === 'adopted') report.adopted += 1
      } catch (error) {
        if (!(error instanceof InvalidExternalAccountError)) throw error
        report.invalid += 1
        onEvent({ type: 'invalid', error })
      }
    })
    missing = []
  }
  for await (const row of database.load({ signal })) {
    const id = rows.meet(row)
    seen.add(id)
    report.rows += 1
    const verdict = rows.judge(id, row)
    if (verdict === 'missing') missing.push(row)
    if (verdict === 'behind') parts.behind(id)
    if (verdict === 'ahead') parts.ahead(id, row)
    if (missing.length === batchSize) await adoptMissing()
    if (report.rows % tellEvery === 0) onEvent({ type: 'progress', done: report.rows })
    if (report.rows % turnEvery === 0) await sleep(clock, 0, signal)
  }
  if (missing.length > 0) await adoptMissing()
  await findUnseen(parts, seen, signal)
  onEvent({ type: 'checked', ...report })
}

/** Accounts without a row: of before there was a database, or lost by a copy that was restored. */
const findUnseen = async (
  { facts, clock, rows, behind }: CheckParts,
  seen: Set<string>,
  signal: AbortSignal,
): Promise<void> => {
  let looked = 0
  for (const key of facts.facts.keys()) {
    const id = subjectOf(key)
    if (!seen.has(id) && isId(id)) {
      seen.add(id)
      if (rows.isLive(id)) behind(id)
    }
    looked += 1
    if (looked % (turnEvery * 10) === 0) await sleep(clock, 0, signal)
  }
}
