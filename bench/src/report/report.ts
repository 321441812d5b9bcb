import type { Measured } from '../run-measurement.ts'
import type { Machine } from './machine.ts'

/** One run of the bench, as it is written to JSON. */
export interface Report {
  readonly begun: string
  /** Minutes. */
  readonly took: number
  readonly mode: 'quick' | 'full'
  readonly rounds: number
  readonly machine: Machine
  readonly measurements: readonly Measured[]
}
