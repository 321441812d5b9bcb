import { factOf, keyOf, type Fact as HeldFact, type FactSet } from '@grapevine/facts'
import type { Clock } from '../clock/clock.ts'
import { CacheClosedError } from '../errors.ts'
import { maxNamed, writeFact, type Saying } from '../facts/fact.ts'
import { randomId, type RandomBytes } from '../facts/id.ts'
import { supersededBy } from '../fold/history.ts'
import type { Ledger } from '../fold/ledger.ts'
import { hashOf } from '../fold/reader.ts'

/** Origin of what this cache writes, among the changes of the set. */
export const ownOrigin: unique symbol = Symbol('@grapevine/user-cache: own')

/** Says something of a user, in one change: one thing, or several of one kind. */
export type Say = (id: string, first: Saying, ...others: readonly Saying[]) => void

export interface SayContext {
  readonly facts: FactSet
  readonly ledger: Ledger
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly isClosed: () => boolean
}

/**
 * What is said comes after all that is known to say the same kind of thing of the user. Where that is more than one fact may
 * name, because somebody wrote that many, the last thing is said again, each time above what was said before.
 */
export const createSay = (context: SayContext): Say => {
  const compose = composer(context)
  return (id, ...sayings) => void context.facts.insert(compose(id, ...sayings), ownOrigin)
}

/** What `Say` writes, before it is written. */
export const composer =
  ({ ledger, clock, randomBytes, isClosed }: SayContext) =>
  (id: string, first: Saying, ...others: readonly Saying[]): readonly HeldFact[] => {
    if (isClosed()) throw new CacheClosedError()
    const sayings = [first, ...others]
    const known = supersededBy(ledger.historyOf(id), first)
    const said: HeldFact[] = []
    for (let named = 0; said.length < sayings.length || named < known.length;) {
      const last = said.at(-1)
      const above = last === undefined ? [] : [hashOf(keyOf(last))]
      const after = [...above, ...known.slice(named, named + maxNamed - above.length)]
      named += after.length - above.length
      const stamped = { at: clock.next(), salt: randomId(randomBytes), after }
      said.push(factOf(id, writeFact(sayings[said.length] ?? sayings.at(-1) ?? first, stamped)))
    }
    return said
  }
