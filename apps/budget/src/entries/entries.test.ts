import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { entriesDocument } from './document.ts'
import { createEntries, type Entries } from './entries.ts'
import { followBudgets } from './budgets.ts'
import { entriesRoot, limits } from './entry.ts'
import { entriesPolicy } from './policy.ts'

const ada = 'ada'.padEnd(22, '-')
const bob = 'bob'.padEnd(22, '-')

const member = (now = () => 1): { doc: Y.Doc; entries: Entries; forget: (user: string) => void } => {
  const { map, budgets, document } = entriesDocument()
  const { doc, keptByUser } = document
  const write = async <T>(change: () => T): Promise<T> => doc.transact(change)
  return { doc, entries: createEntries({ map, budgets, write, now }), forget: keptByUser }
}
const merge = (one: Y.Doc, other: Y.Doc): void => {
  Y.applyUpdate(one, Y.encodeStateAsUpdate(other))
  Y.applyUpdate(other, Y.encodeStateAsUpdate(one))
}
const labels = (entries: Entries, user: string): string[] =>
  entries.of(user).entries.map(({ label }) => label)

describe('entries', () => {
  test('are listed oldest first with their total, each person their own', async () => {
    let time = 0
    const { entries } = member(() => (time += 1))
    await entries.add(ada, { label: 'wages', amount: 150_000 })
    await entries.add(bob, { label: 'gift', amount: 1 })
    await entries.add(ada, { label: 'rent', amount: -60_050 })
    expect(labels(entries, ada)).toEqual(['wages', 'rent'])
    expect(entries.of(ada).total).toBe(89_950)
    expect(entries.of('nobody')).toEqual({ entries: [], total: 0 })
  })

  test('are removed by their owner only', async () => {
    const { entries } = member()
    await entries.add(ada, { label: 'rent', amount: -1 })
    const [entry] = entries.of(ada).entries
    await entries.remove(bob, entry?.id ?? '')
    expect(labels(entries, ada)).toEqual(['rent'])
    await entries.remove(ada, entry?.id ?? '')
    await entries.remove(ada, entry?.id ?? '')
    expect(labels(entries, ada)).toEqual([])
  })

  test('leave nothing of their content in the document when they are removed', async () => {
    const { doc, entries, forget } = member()
    await entries.add(ada, { label: 'a secret gift', amount: -1 })
    doc.transact(() => forget(ada))
    expect(Buffer.from(Y.encodeStateAsUpdate(doc)).toString('latin1')).not.toContain('secret gift')
  })

  test.each([
    ['', 1],
    [' ', 1],
    ['x'.repeat(limits.label + 1), 1],
    ['turned \u202e round', 1],
    ['rent', 0],
    ['rent', 0.5],
    ['rent', limits.amount + 1],
    ['rent', Number.NaN],
  ])('%j of %d is refused with a sentence, and not written', async (label, amount) => {
    const { doc, entries } = member()
    await expect(entries.add(ada, { label, amount })).rejects.toMatchObject({ code: 'INVALID_ENTRY' })
    expect(doc.getMap(entriesRoot).size).toBe(0)
  })

  test('no merge loses one or revives one', async () => {
    const act = fc.record({ on: fc.boolean(), what: fc.constantFrom('add', 'remove', 'merge') })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), async (acts) => {
        const [left, right] = [member(), member()]
        const expected = new Set<string>()
        for (const [index, { on, what }] of acts.entries()) {
          const { entries } = on ? left : right
          const oldest = entries.of(ada).entries[0]
          if (what === 'merge') merge(left.doc, right.doc)
          else if (what === 'add') {
            await entries.add(ada, { label: `entry ${index}`, amount: 1 })
            expected.add(`entry ${index}`)
          } else if (oldest !== undefined) {
            await entries.remove(ada, oldest.id)
            expected.delete(oldest.label)
          }
        }
        merge(left.doc, right.doc)
        for (const { entries } of [left, right]) expect(new Set(labels(entries, ada))).toEqual(expected)
      }),
    )
  })
})

describe('the policy', () => {
  const key = `${ada}/${'e'.repeat(22)}`
  const removal = `${key}/${'r'.repeat(22)}`
  const value = { label: 'rent', amount: -1, at: 1 }
  const judge = (change: object, held: Readonly<Record<string, unknown>> = {}): string => {
    const map = new Y.Doc().getMap<unknown>(entriesRoot)
    for (const [name, content] of Object.entries(held)) map.set(name, content)
    return entriesPolicy(map, followBudgets(map))({ entries: [], deletions: [], others: 0, ...change })
      .verdict
  }
  const entry = (content: unknown, at = key) => ({
    entries: [{ root: entriesRoot, key: at, value: content }],
  })
  const gone = { deletions: [{ root: entriesRoot, key }] }

  test('lets entries and removals in', () => {
    expect(judge(entry(value))).toBe('accept')
    expect(judge(entry('removed', removal))).toBe('accept')
    expect(judge({ ...entry('removed', removal), ...gone }, { [key]: value })).toBe('accept')
    expect(judge(gone, { [key]: value, [removal]: 'removed' })).toBe('accept')
    expect(judge({ tombstones: [{ root: entriesRoot, key }] })).toBe('accept')
  })

  test.each([
    ['an overwritten entry', entry({ ...value, amount: 5 }), { [key]: value }],
    ['content that goes without a reason', gone, { [key]: value }],
    [
      'a removal that is taken back',
      { deletions: [{ root: entriesRoot, key: removal }] },
      { [removal]: 'removed' },
    ],
    ['a tombstone over an entry', { tombstones: [{ root: entriesRoot, key }] }, { [key]: value }],
    ['anything else', { others: 1 }, {}],
    ['a further field', entry({ ...value, more: 1 }), {}],
    ['an amount beyond the bounds', entry({ ...value, amount: 1e12 }), {}],
    ['a key that is none', entry(value, '__proto__'), {}],
    ['another root', { entries: [{ root: 'users', key, value }] }, {}],
  ])('refuses %s', (_what, change, held) => {
    expect(judge(change, held)).toBe('refuse')
  })
})
