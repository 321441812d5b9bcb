import { createPace, type PaceOptions } from '@grapevine/std'
import { TooManyChangesError } from '../errors.ts'

/** How fast one account may change, so that nobody makes a fact of their own account grow without end. */
export interface Pace {
  /** @throws {TooManyChangesError} `TOO_MANY_CHANGES` */
  take(id: string): void
  /** Whether `take` would not throw. */
  allows(id: string): boolean
}

export const changePace = (options: PaceOptions): Pace => {
  const pace = createPace(options)
  return {
    allows: pace.allows,
    take: (id) => {
      const wait = pace.take(id)
      if (wait > 0) throw new TooManyChangesError(wait)
    },
  }
}
