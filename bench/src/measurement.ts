import type { Supervisor } from './processes/supervisor.ts'

/** One thing that is measured, beside what people use instead. */
export interface Measurement {
  /** For `--only`: lower case, digits, dashes. */
  readonly name: string
  readonly title: string
  /** How it is measured, for whoever reads the figures. */
  readonly how: string
  readonly comparisons: readonly Comparison[]
  /** Starts whatever lives through all rounds; what it starts belongs to the supervisor. */
  prepare(context: Context): Promise<readonly Contestant[]>
}

export interface Context {
  readonly supervisor: Supervisor
  /** One of two sizes, by mode. */
  pick<T>(sizes: { readonly quick: T; readonly full: T }): T
  /** A line for whoever waits. */
  progress(line: string): void
  readonly redis: RedisState
}

export type RedisState =
  | { readonly type: 'installed'; readonly version: string }
  | { readonly type: 'missing'; readonly why: string }

export type Contestant =
  | { readonly type: 'present'; readonly name: string; run(): Promise<Readings> }
  /** Not measured, and the reader is told why. */
  | { readonly type: 'absent'; readonly name: string; readonly why: string }

/** What one run of a contestant gave, by name of the reading. */
export type Readings = Readonly<Record<string, number>>

export interface Source {
  readonly contestant: string
  readonly reading: string
}

/** How the readings of a round become one figure. */
export type Comparison = {
  readonly what: string
  readonly unit: Unit
  readonly subject: Source
  /** The target; without one the row is for information. */
  readonly reach?: Reach
} & (
  | { readonly relation: 'absolute' }
  /** Subject over rival. */
  | { readonly relation: 'ratio'; readonly rival: Source }
  /** Subject less rival. */
  | { readonly relation: 'difference'; readonly rival: Source }
)

export type Unit = 'ms' | 's' | 'µs' | 'ns' | '/s' | 'B' | 'B/s' | 'kB' | 'MB' | 'ms/s'

export interface Reach {
  readonly type: 'at least' | 'at most'
  readonly value: number
}
