import { expect, test } from 'vitest'
import type { Clock } from '../../clock.ts'
import { killAllIn } from './kill-all-in.ts'

/** No system gives such a number to a process. */
const nobody = 2 ** 30

const clock = (): Clock => {
  let time = 0
  return {
    now: () => time,
    sleep: async (ms) => void (time += ms),
  }
}

test('it is killed until none is left, as one may have started another', async () => {
  const seen = [[nobody], [nobody + 1], []]
  await killAllIn('lctest', clock(), async () => seen.shift() ?? [])
  expect(seen).toEqual([])
})

test('who does not end is told by pid', async () => {
  await expect(killAllIn('lctest', clock(), async () => [nobody, nobody + 1])).rejects.toThrow(
    `the processes ${nobody}, ${nobody + 1} in the namespace lctest do not end`,
  )
})
