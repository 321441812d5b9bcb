import { expect, test } from 'vitest'
import { createReplay } from './replay.ts'
import type { Picture } from '@grapevine/dashboard'

const pictureAt = (at: number, users: number, cutAt?: number): Picture => ({
  at,
  observer: { kind: 'outside' },
  members: [
    { id: 'a', name: 'a', state: 'alive', report: { kind: 'answered', digest: 'd', view: 'whole', users } },
  ],
  links: [],
  contested: [],
  traffic: [],
  events: [],
  ...(cutAt === undefined
    ? {}
    : { history: [{ kind: 'disturbance', from: cutAt, lost: [], isSplit: true, sides: [], contested: [] }] }),
})

test('it shows what changed since shortly before the last cut, as fast as it happened, without long pauses', async () => {
  let time = 0
  const replay = createReplay(() => time)
  for (const [at, users] of [
    [0, 1],
    [50_000, 2],
    [60_000, 3],
    [60_500, 3],
    [61_000, 4],
    [90_000, 5],
  ] as const) {
    replay.record(pictureAt(at, users, 52_000))
  }
  time = 1_000_000
  replay.start()
  const shownAt = async (ms: number): Promise<number> => {
    time = 1_000_000 + ms
    return (await replay.read()).at
  }
  expect(await shownAt(0)).toBe(50_000)
  expect(await shownAt(3_999)).toBe(50_000)
  expect(await shownAt(4_000)).toBe(60_000)
  expect(await shownAt(5_000)).toBe(61_000)
  expect(await shownAt(9_000)).toBe(90_000)
  expect(await shownAt(1e9)).toBe(90_000)
})
