import fc from 'fast-check'
import { erasureOf, factOf, type Fact } from '../fact.ts'

const subjects = ['ada', 'bob', 'cleo', 'dan']

/** Few subjects and texts, so that the same comes again and much is erased. */
export const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...subjects), fc.nat(9)).map(([who, n]) => factOf(who, `fact ${n}`)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...subjects).map(erasureOf) },
)
