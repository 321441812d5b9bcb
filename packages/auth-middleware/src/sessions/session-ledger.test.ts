import { expect, test } from 'vitest'
import { memoryLedger } from './session-ledger.ts'

const signal = new AbortController().signal

test('an ended session is ended at once, and no other', async () => {
  const ledger = memoryLedger({ now: () => 0 })
  await ledger.end('one', { validUntil: 1000, signal })
  expect([ledger.isEnded('one'), ledger.isEnded('two')]).toEqual([true, false])
})

test('a record is dropped when its session is over in any case, and not before', async () => {
  let now = 0
  const ledger = memoryLedger({ now: () => now })
  await ledger.end('short', { validUntil: 100_000, signal })
  await ledger.end('long', { validUntil: 300_000, signal })
  now = 200_000
  await ledger.end('another', { validUntil: 900_000, signal })
  expect([ledger.isEnded('short'), ledger.isEnded('long')]).toEqual([false, true])
})

test('an aborted end is refused', async () => {
  const ledger = memoryLedger()
  await expect(ledger.end('one', { validUntil: 1, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  expect(ledger.isEnded('one')).toBe(false)
})
