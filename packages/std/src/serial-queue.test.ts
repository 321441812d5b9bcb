import { expect, test } from 'vitest'
import { serialQueue } from './index.ts'

test('a task begins when those before it have ended, also after one that failed', async () => {
  const inTurn = serialQueue()
  const done: string[] = []
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const first = inTurn(async () => {
    await gate
    done.push('first')
    throw new Error('first failed')
  })
  const second = inTurn(async () => done.push('second'))
  await new Promise(setImmediate)
  expect(done).toEqual([])
  open()
  await expect(first).rejects.toThrow('first failed')
  await expect(second).resolves.toBe(2)
  expect(done).toEqual(['first', 'second'])
})
