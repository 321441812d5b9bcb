import { expect, test } from 'vitest'
import { acknowledged, type Deliveries } from './acknowledgements.ts'
import type { WriteConcern } from '../write-concern.ts'

const never = new Promise<boolean>(() => undefined)

const deliveries = (outcomes: Readonly<Record<string, boolean | 'silent'>>): Deliveries =>
  new Map(
    Object.entries(outcomes).map(([member, outcome]) => [
      member,
      outcome === 'silent' ? never : Promise.resolve(outcome),
    ]),
  )

const wait = (
  concern: WriteConcern,
  outcomes: Parameters<typeof deliveries>[0],
  others: readonly string[] = [],
): ReturnType<typeof acknowledged> =>
  acknowledged(deliveries(outcomes), { self: 'me', concern, others, signal: AbortSignal.timeout(20) })

test('local waits for nobody', async () => {
  expect(await wait('local', { a: 'silent' })).toEqual({ members: ['me'], missing: ['a'] })
})

test('reachable waits for all, and says who did not answer in time', async () => {
  expect(await wait('reachable', { a: true, b: true })).toEqual({ members: ['me', 'a', 'b'], missing: [] })
  expect(await wait('reachable', { a: true, b: 'silent' })).toEqual({ members: ['me', 'a'], missing: ['b'] })
})

test('majority counts members that cannot be reached', async () => {
  const five = ['a', 'b', 'c', 'd']
  expect((await wait('majority', { a: true, b: true }, five)).members).toHaveLength(3)
  await expect(wait('majority', { a: true }, five)).rejects.toMatchObject({
    code: 'WRITE_CONCERN',
    acknowledgement: { members: ['me', 'a'], missing: ['b', 'c', 'd'] },
  })
})

test('majority of one is this node', async () => {
  expect((await wait('majority', {})).members).toEqual(['me'])
})

test('a number resolves as soon as it is reached', async () => {
  expect((await wait(2, { a: true, b: 'silent' })).members).toEqual(['me', 'a'])
})
