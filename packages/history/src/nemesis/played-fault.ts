import type { FaultAction } from './action.ts'

/** A fault as it was really done. Times are of the clock, in milliseconds. */
export interface PlayedFault {
  readonly action: FaultAction
  /** When it was begun. */
  readonly from: number
  /** When it was in force. */
  readonly inForce: number
}
