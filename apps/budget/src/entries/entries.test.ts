import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFactSet, erasureOf, factOf, type FactSet } from '@grapevine/koa'
import * as Y from 'yjs'
import { createEntries, type Entries } from './entries.ts'
import { limits } from './entry.ts'

const ada = 'ada'.padEnd(22, '-')
const bob = 'bob'.padEnd(22, '-')

const member = (now = () => 1): { set: FactSet; entries: Entries } => {
  const set = createFactSet({ doc: new Y.Doc(), root: 'entries' })
  const write = async <T>(change: () => T): Promise<T> => set.doc.transact(change)
  return { set, entries: createEntries({ set, write, now }) }
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

  test('that were removed can be had back, once, by their owner only, where they stood', async () => {
    let time = 0
    const { entries } = member(() => (time += 1))
    await entries.add(ada, { label: 'rent', amount: -1 })
    await entries.add(ada, { label: 'wages', amount: 2 })
    const rent = entries.of(ada).entries[0]?.id ?? ''
    expect(entries.removed(ada, rent)).toBeUndefined()
    await entries.remove(ada, rent)
    expect(entries.removed(ada, rent)).toMatchObject({ label: 'rent', amount: -1 })
    expect(entries.removed(bob, rent)).toBeUndefined()
    await entries.undoRemoval(bob, rent)
    expect(entries.of(bob).entries).toEqual([])
    await entries.undoRemoval(ada, rent)
    await entries.undoRemoval(ada, rent)
    expect(labels(entries, ada)).toEqual(['rent', 'wages'])
    await entries.remove(ada, entries.of(ada).entries[0]?.id ?? '')
    await entries.undoRemoval(ada, rent)
    expect(labels(entries, ada)).toEqual(['wages'])
  })

  test('leave nothing of their content in the document when their owner is erased, wherever they were added', async () => {
    const [here, there] = [member(), member()]
    await here.entries.add(ada, { label: 'a secret gift', amount: -1 })
    here.set.insert([erasureOf(ada)])
    await there.entries.add(ada, { label: 'another secret gift', amount: -1 })
    merge(here.set.doc, there.set.doc)
    for (const { set, entries } of [here, there]) {
      expect(labels(entries, ada)).toEqual([])
      expect(Buffer.from(Y.encodeStateAsUpdate(set.doc)).toString('latin1')).not.toContain('secret gift')
    }
  })

  test('that are not understood are held, and not shown', async () => {
    const { set, entries } = member()
    await entries.add(ada, { label: 'rent', amount: -1 })
    for (const text of [
      'no JSON',
      '{"kind":"moved"}',
      '{"kind":"added","label":"","amount":1,"at":1}',
      '[]',
      'null',
    ])
      set.insert([factOf(ada, text)])
    expect([labels(entries, ada), set.size]).toEqual([['rent'], 6])
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
    const { set, entries } = member()
    await expect(entries.add(ada, { label, amount })).rejects.toMatchObject({ code: 'INVALID_ENTRY' })
    expect(set.size).toBe(0)
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
          if (what === 'merge') merge(left.set.doc, right.set.doc)
          else if (what === 'add') {
            await entries.add(ada, { label: `entry ${index}`, amount: 1 })
            expected.add(`entry ${index}`)
          } else if (oldest !== undefined) {
            await entries.remove(ada, oldest.id)
            expected.delete(oldest.label)
          }
        }
        merge(left.set.doc, right.set.doc)
        for (const { entries } of [left, right]) expect(new Set(labels(entries, ada))).toEqual(expected)
      }),
    )
  })

  test('of one person are changed so often within a minute, and then as often as time allows; others are not slowed', async () => {
    let time = 1_000
    const { entries } = member(() => time)
    for (let count = 0; count < limits.changesPerMinute; count += 1)
      await entries.add(ada, { label: `entry ${count}`, amount: 1 })
    const [oldest] = entries.of(ada).entries
    for (const change of [
      () => entries.add(ada, { label: 'one more', amount: 1 }),
      () => entries.remove(ada, oldest?.id ?? ''),
    ])
      await expect(change()).rejects.toMatchObject({ code: 'TOO_MANY_CHANGES', retryAfterMs: 200 })
    expect(entries.of(ada).entries).toHaveLength(limits.changesPerMinute)
    await entries.add(bob, { label: 'of somebody else', amount: 1 })
    time += 60_000
    await entries.add(ada, { label: 'one more', amount: 1 })
  })

  test('of whom a lifetime of changes is kept are changed once in ten minutes, and never shut out', async () => {
    let time = 1_000
    const { set, entries } = member(() => time)
    set.insert(Array.from({ length: limits.lifetime }, (_, index) => factOf(ada, `held ${index}`)))
    await entries.add(ada, { label: 'first', amount: 1 })
    await expect(entries.add(ada, { label: 'second', amount: 1 })).rejects.toMatchObject({
      code: 'TOO_MANY_CHANGES',
      retryAfterMs: 600_000,
    })
    time += 600_000
    await entries.add(ada, { label: 'second', amount: 1 })
    expect(labels(entries, ada)).toEqual(['first', 'second'])
  })
})
