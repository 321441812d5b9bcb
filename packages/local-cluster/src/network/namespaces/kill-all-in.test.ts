import { expect, test } from 'vitest'
import { eagerClock } from '../../testing/eager-clock.ts'
import { killAllIn } from './kill-all-in.ts'

/** No system gives such a number to a process. */
const nobody = 2 ** 30

test('it is killed until none is left, as one may have started another', async () => {
  const seen = [[nobody], [nobody + 1], []]
  await killAllIn('lctest', eagerClock(), async () => seen.shift() ?? [])
  expect(seen).toEqual([])
})

test('who does not end is told by pid', async () => {
  await expect(killAllIn('lctest', eagerClock(), async () => [nobody, nobody + 1])).rejects.toThrow(
    `the processes ${nobody}, ${nobody + 1} in the namespace lctest do not end`,
  )
})
