import { createFactSet, factOf } from '@grapevine/facts'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { deviceList } from './device-list.ts'

const record = {
  id: 'd1',
  userId: 'ada',
  epoch: 'none',
  since: 5,
  addressGroup: '192.0.2.1',
  browser: 'Firefox on Linux',
}
const signal = AbortSignal.timeout(10_000)

const listOver = (count: number) => {
  const sets = Array.from({ length: count }, () => createFactSet({ doc: new Y.Doc(), root: 'ended' }))
  const openPeriods = () =>
    sets.map((set) => ({ set, replica: { write: async (change: () => unknown) => change() } })) as never
  return {
    sets,
    list: deviceList({ sessions: { openPeriods }, sessionLife: 1_000, now: () => 0, randomBytes }),
  }
}

test('a device is kept in the period in which its session ends, once, with when it was first seen', async () => {
  const { sets, list } = listOver(2)
  await list.add(record, { signal })
  await list.add({ ...record, since: 9 }, { signal })
  expect(sets.map((set) => set.size)).toEqual([0, 1])
  expect(list.of('ada')).toEqual([record])
  sets[0]?.insert(sets[1]?.of('ada').flatMap((key) => sets[1]?.fact(key) ?? []) ?? [])
  expect(list.of('ada')).toEqual([record])
  expect(list.of('bob')).toEqual([])
})

test('what is not understood is not listed', () => {
  const { sets, list } = listOver(1)
  for (const text of [
    'no JSON',
    '{}',
    '{"kind":"ended"}',
    '{"kind":"device","id":1}',
    JSON.stringify({ kind: 'device', ...record, since: 1e300 }),
  ])
    sets[0]?.insert([factOf('ada', text)])
  expect(list.of('ada')).toEqual([])
})

test('a list that is full grows no more', async () => {
  const { sets, list } = listOver(1)
  sets[0]?.insert(Array.from({ length: 4_000 }, (_, index) => factOf('ada', `${index}`)))
  await expect(list.add(record, { signal })).rejects.toThrow('the list is full')
})
