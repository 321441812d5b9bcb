import { expect, test } from 'vitest'
import { unlessAborted } from './unless-aborted.ts'

test('work is waited for until its signal aborts', async () => {
  await expect(unlessAborted(Promise.resolve(1), undefined)).resolves.toBe(1)
  const controller = new AbortController()
  await expect(unlessAborted(Promise.resolve(1), controller.signal)).resolves.toBe(1)
  const waiting = unlessAborted(new Promise(() => undefined), controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})

test('work that fails after its signal aborted does not end the process', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', onUnhandled)
  const work = new Promise((_, reject) => setImmediate(() => reject(new Error('late'))))
  await expect(unlessAborted(work, AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})
