import { expect, test } from 'vitest'
import { systemClock } from '@grapevine/std'
import { decodeEntries, encodeEntries, exchangeHistory } from './history-exchange.ts'
import type { Entry } from '@grapevine/dashboard'
import type { Member, MembershipListener } from '@grapevine/membership'

const left = (from: number, name: string): Entry => ({
  kind: 'left',
  from,
  until: from,
  names: [name],
  count: 1,
})

const memberOf = (id: string): Member => ({
  id,
  name: `node-${id}`,
  state: 'alive',
  incarnation: 1,
  addresses: [],
  metadata: {},
})

const joined = async (answers: Readonly<Record<string, () => Promise<Uint8Array>>>) => {
  const asked: string[] = []
  let time = 1_000
  let linked: MembershipListener | undefined
  const earlier = await exchangeHistory({
    membership: {
      self: memberOf('1'),
      members: () => [],
      handle: async () => () => undefined,
      on: (_type, listener) => {
        linked = listener
        return () => void (linked = undefined)
      },
      request: async (member) => {
        asked.push(member)
        return answers[member]?.() ?? Promise.reject(new Error('nobody'))
      },
    },
    clock: systemClock,
    since: 1_000,
    now: () => time,
    entries: () => [],
  })
  const link = async (id: string): Promise<void> => {
    linked?.({ type: 'member:linked', member: memberOf(id) })
    await new Promise((resolve) => setImmediate(resolve))
  }
  const pass = (ms: number): void => void (time += ms)
  return { earlier, link, asked, pass, isListening: () => linked !== undefined }
}

test('a member that came later tells what was before it, by the first that could be asked, and who saw it', async () => {
  const { earlier, link, asked, pass } = await joined({
    2: async () => Promise.reject(new Error('of the version before')),
    3: async () => encodeEntries([left(2_000, 'node-9'), left(500, 'node-8')]),
    4: async () => encodeEntries([left(400, 'node-7')]),
  })
  await link('2')
  await link('3')
  await link('4')
  expect(asked).toEqual(['2', '3'])
  expect(earlier.entries()).toEqual([
    { kind: 'told', from: 500, what: 'node-8 left', more: [], by: 'node-3' },
  ])
  pass(24 * 60 * 60 * 1_000)
  expect(earlier.entries()).toEqual([])
})

test('it asks few, and none after it was closed', async () => {
  const { earlier, link, asked, isListening } = await joined({})
  for (let id = 2; id < 40; id += 1) await link(`${id}`)
  expect(asked).toHaveLength(5)
  earlier.close()
  expect(isListening()).toBe(false)
})

test.each([
  ['no list', '{}'],
  ['no JSON', '['],
  ['too many', JSON.stringify(Array.from({ length: 101 }, () => ({ from: 1, what: 'x', more: [] })))],
  ['too much', JSON.stringify([{ from: 1, what: 'x'.repeat(200_000), more: [] }])],
])('%s is no history', (_name, text) => {
  expect(decodeEntries(Buffer.from(text))).toBeUndefined()
})

test('of entries that make no sense nothing is taken, and what was heard of is not passed on', () => {
  const entries = [
    null,
    { from: -1, what: 'x', more: [] },
    { from: 1e300, what: 'x', more: [] },
    { from: 1, what: 7, more: [] },
    { from: 1, what: 'x', more: [{}] },
    { from: 1, what: 'x'.repeat(2_000), more: [] },
    { from: 1, what: 'fine', more: ['so'], extra: true },
  ]
  expect(decodeEntries(Buffer.from(JSON.stringify(entries)))).toEqual([
    { kind: 'told', from: 1, what: 'fine', more: ['so'] },
  ])
  const heard: Entry = { kind: 'told', from: 1, what: 'x', more: [], by: 'node-2' }
  expect(decodeEntries(encodeEntries([heard]))).toEqual([])
})
