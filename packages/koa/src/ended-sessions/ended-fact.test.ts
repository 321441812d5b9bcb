import { randomBytes } from 'node:crypto'
import { factsContract, type FactsKind } from '@grapevine/facts/contract'
import { expect, test } from 'vitest'
import { endedFactOf, parseEndedFact } from './ended-fact.ts'

const ended: FactsKind = {
  open: (set) => ({
    say: () => {
      const [user, session] = [randomBytes(9).toString('hex'), `session-${set.size}`]
      set.insert([endedFactOf(user, { session, until: 1 }, randomBytes(16).toString('base64url'))])
      return user
    },
    read: () =>
      [...set.facts.keys()].flatMap((key) => parseEndedFact(set.text(key) ?? '')?.session ?? []).sort(),
  }),
}

test.each(factsContract)('ended sessions: $claim', async ({ check }) => {
  await expect(check(ended)).resolves.toBeUndefined()
})
