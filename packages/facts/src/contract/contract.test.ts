import { describe, expect, test } from 'vitest'
import { factsContract, type FactsKind } from './contract.ts'
import { factOf, subjectOf } from '../fact.ts'

/** Notes, each of a person of its own. */
const notes = (salt: () => string = () => Math.random().toString(36)): FactsKind => ({
  open: (set) => ({
    say: () => {
      const [key = ''] = set.insert([factOf(`person-${set.size}`, JSON.stringify({ note: salt() }))])
      return subjectOf(key)
    },
    read: () => [...set.facts.keys()].filter((key) => set.text(key)?.startsWith('{"note":"')).sort(),
  }),
})

describe('the contract of documents of facts', () => {
  test.each(factsContract)('$claim', async ({ check }) => {
    await expect(check(notes())).resolves.toBeUndefined()
  })

  test('sees texts without a random part, and readers that read what they do not understand', async () => {
    const failing = async (kind: FactsKind): Promise<string[]> => {
      const failed: string[] = []
      for (const { claim, check } of factsContract) await check(kind).catch(() => failed.push(claim))
      return failed
    }
    expect(await failing(notes(() => 'the same'))).toContainEqual(expect.stringContaining('a random part'))
    const greedy: FactsKind = {
      open: (set) => ({ ...notes().open(set), read: () => [...set.facts.keys()].sort() }),
    }
    expect(await failing(greedy)).toEqual([expect.stringContaining('what is not understood')])
  })
})
