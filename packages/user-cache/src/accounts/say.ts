import { factOf, type FactSet } from '@grapevine/facts'
import type { Clock } from '../clock/clock.ts'
import { CacheClosedError } from '../errors.ts'
import { maxNamed, writeFact, type Saying } from '../facts/fact.ts'
import { randomId, type RandomBytes } from '../facts/id.ts'
import { supersededBy } from '../fold/history.ts'
import type { Ledger } from '../fold/ledger.ts'

/** Origin of what this cache writes, among the changes of the set. */
export const ownOrigin: unique symbol = Symbol('@grapevine/user-cache: own')

/** Writes a fact of a user. */
export type Say = (id: string, saying: Saying) => void

export interface SayContext {
  readonly facts: FactSet
  readonly ledger: Ledger
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly isClosed: () => boolean
}

/** What is said comes after all that is known to say the same kind of thing of the user. */
export const createSay =
  ({ facts, ledger, clock, randomBytes, isClosed }: SayContext): Say =>
  (id, saying) => {
    if (isClosed()) throw new CacheClosedError()
    for (;;) {
      const after = supersededBy(ledger.historyOf(id), saying.kind)
      const stamped = { at: clock.next(), salt: randomId(randomBytes), after: after.slice(0, maxNamed) }
      facts.insert([factOf(id, writeFact(saying, stamped))], ownOrigin)
      // More than one fact may name, because somebody wrote that many: said again, until it is above all of them.
      if (after.length <= maxNamed) return
    }
  }
