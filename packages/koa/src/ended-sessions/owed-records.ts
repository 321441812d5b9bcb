import { keyOf, type Fact } from '@grapevine/facts'
import { parseEndedFact } from './ended-fact.ts'
import { parseEpochFact, type EpochFact } from './epoch-fact.ts'

/**
 * Records whose period goes, until another one has them on its disk: what is in neither would be forgotten, and a session that was ended
 * would live again.
 */
export interface OwedRecords {
  readonly epochs: readonly EpochFact[]
  add(facts: readonly Fact[]): void
  all(): readonly Fact[]
  /** Another period has them. */
  settle(facts: readonly Fact[]): void
  isEnded(session: string): boolean
}

export const owedRecords = (): OwedRecords => {
  const owed = new Map<string, Fact>()
  const textsOf = (): string[] => [...owed.values()].flatMap((fact) => (fact.mark === '.' ? [fact.text] : []))
  return {
    get epochs() {
      return textsOf().flatMap((text) => parseEpochFact(text) ?? [])
    },
    add: (facts) => {
      for (const fact of facts) owed.set(keyOf(fact), fact)
    },
    all: () => [...owed.values()],
    settle: (facts) => {
      for (const fact of facts) owed.delete(keyOf(fact))
    },
    // Nearly always there is none.
    isEnded: (session) =>
      owed.size > 0 && textsOf().some((text) => parseEndedFact(text)?.session === session),
  }
}
