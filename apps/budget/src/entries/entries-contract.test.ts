import { randomBytes } from 'node:crypto'
import { factsContract, type FactsKind } from '@grapevine/facts/contract'
import { expect, test } from 'vitest'
import { createEntries } from './entries.ts'

const entries: FactsKind = {
  open: (set) => {
    const kept = createEntries({ set, write: async (change) => set.doc.transact(change) })
    const users = (): string[] => [...set.facts.keys()].map((key) => key.slice(0, key.indexOf('/')))
    return {
      say: async () => {
        const user = randomBytes(16).toString('base64url')
        await kept.add(user, { label: 'rent', amount: -1 })
        return user
      },
      read: () =>
        [...new Set(users())]
          .sort()
          .flatMap((user) => (kept.of(user).entries.length > 0 ? [[user, kept.of(user)]] : [])),
    }
  },
}

test.each(factsContract)('budget entries: $claim', async ({ check }) => {
  await expect(check(entries)).resolves.toBeUndefined()
})
