import { expect, test } from 'vitest'
import { keeping } from './attempt-keeper.ts'

test('a store that fails is told of once, and again when it has worked meanwhile', async () => {
  const told: unknown[] = []
  let isFull = true
  const due: (() => void)[] = []
  const keeper = keeping(
    { state: () => ({ members: [], windows: [] }) },
    {
      store: {
        read: async () => undefined,
        write: async () => {
          if (isFull) throw new Error('ENOSPC')
        },
      },
      onError: (error) => told.push(error),
      clock: {
        after: (_ms, work) => {
          due.push(work)
          return () => undefined
        },
      },
    },
  )
  const write = async (): Promise<void> => {
    keeper.changed()
    due.pop()?.()
    await new Promise(setImmediate)
  }
  for (let count = 0; count < 3; count += 1) await write()
  expect(told).toHaveLength(1)
  isFull = false
  await write()
  isFull = true
  await write()
  expect(told).toHaveLength(2)
  await keeper.close()
})
