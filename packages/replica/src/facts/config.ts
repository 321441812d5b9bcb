import { checkOptions, numberBetween, optional, orElse, withMethods, type Checks } from '@grapevine/std'
import { sharedChecks, type SharedOptions, type SharedSettings } from '../config.ts'
import type { FactSet } from '@grapevine/facts'

export interface FactsOptions extends SharedOptions {
  /**
   * Whoever is erased in that set is erased in this one: each member copies the erasure by itself. @default none
   */
  readonly erasuresOf?: FactSet
  /** How long a start waits in all until it is ready, in milliseconds, 0 to 3,600,000. @default 60000 */
  readonly readyWithin?: number
}

/** The options, complete with their defaults. */
export interface FactsSettings extends SharedSettings {
  readonly erasuresOf: FactSet | undefined
  readonly readyWithin: number
}

const checks = {
  ...sharedChecks,
  erasuresOf: optional(withMethods<FactSet>('onChange', 'isErased')),
  readyWithin: orElse(numberBetween(0, 3_600_000), 60_000),
} satisfies Checks<FactsOptions>

/** @throws InvalidOptionError naming the option, what was seen and what is allowed */
export const factsSettingsOf = (options: FactsOptions): FactsSettings => checkOptions(options, checks)
