import { factsContract, type FactsKind } from '@grapevine/facts/contract'
import { subjectOf } from '@grapevine/facts'
import { expect, test } from 'vitest'
import { createUserCache } from '../user-cache.ts'
import { hashOf } from '../testing/kit.ts'

let people = 0
const users: FactsKind = {
  open: (facts) => {
    const cache = createUserCache({ facts, nodeId: `node-${(people += 1)}` })
    return {
      say: () => cache.register({ username: `person-${(people += 1)}`, passwordHash: hashOf('x') }).id,
      read: () =>
        [...new Set([...facts.facts.keys()].map(subjectOf))].sort().flatMap((id) => cache.get(id) ?? []),
    }
  },
}

test.each(factsContract)('users: $claim', async ({ check }) => {
  await expect(check(users)).resolves.toBeUndefined()
})
