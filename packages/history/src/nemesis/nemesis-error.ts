import { reasonOf } from '@grapevine/std'
import { describeAction, type FaultAction } from './action.ts'
import type { PlayedFault } from './played-fault.ts'

/** What could not be done, and why. */
export interface NemesisFailure {
  readonly action: FaultAction
  readonly cause: unknown
}

/**
 * A fault could not be done, or the cluster could not be healed at the end: `cause` says why, of the first failure if both
 * failed. No further fault was done, and the cluster was healed all the same unless the message says that it could not be.
 */
export class NemesisError extends Error {
  override readonly name = 'NemesisError'
  readonly code = 'NEMESIS'
  /** What was done before, and the heal after it: what a timeline needs. */
  readonly played: readonly PlayedFault[]

  constructor(failures: readonly NemesisFailure[], played: readonly PlayedFault[]) {
    const words = failures.map(({ action, cause }) => `${describeAction(action)}: ${reasonOf(cause)}`)
    super(`the nemesis could not do ${words.join('; nor ')}`, { cause: failures[0]?.cause })
    this.played = played
  }
}
